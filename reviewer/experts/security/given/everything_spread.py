"""SEC016: all that the host's object holds is put into what a plugin gets, beside the parts that were made for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Function, Member, Name, Object, Param, Return, Spread, strip
from reviewer.code.text.ideas import FACES, HOST_NAMES
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WHOLES: Final = HOST_NAMES | word_set("services deps dependencies container globals")
"""Last words of an object of which the members are what the host can do."""
_FITS_OUT: Final = FACES | word_set("furnish equip outfit room plugin sandbox scope guest")
"""Words of a function that makes what a plugin gets."""
_LISTS: Final = frozenset({"vars", "__dict__"})
_RECORDS: Final = frozenset({"SimpleNamespace", "MappingProxyType", "dict", "Namespace", "assign"})


@module_check("SEC016", words=_WHOLES)
def everything_spread(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each object that is made for somebody for all members of a whole that its maker was told."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for made in module.some(Object, Call):
        maker = function_of(made)
        if maker is None or not isinstance(made, Object | Call) or not _is_given_out(made):
            continue
        for spread in _spreads(made):
            whole = _whole(module, spread)
            if whole is not None and _is_of_plugin(maker) and _is_taken_apart(module, maker, whole):
                yield Match(
                    spread,
                    f"All members of '{short(module.text_of(whole))}' go into this object as they are, whatever was "
                    "granted: beside what was made for the plugin stands all that the host can do.",
                )


def _spreads(made: Object | Call) -> Iterator[Expr]:
    """Yield what an object takes all members of: ``{...app}``, ``assign({}, app)``, ``dict(**vars(app))``."""
    if isinstance(made, Object):
        yield from made.spreads
    elif made.name == "assign":
        yield from made.args[1:]
    elif made.name in _RECORDS:
        yield from (one.value for one in made.args if isinstance(one, Spread) and one.double)


def _whole(module: Module, spread: Expr) -> Name | Member | None:
    """Return the object of which all members are taken: one that a function was told, by the name of a whole."""
    held = strip(spread)
    if isinstance(held, Call) and held.name in _LISTS and len(held.args) == 1:
        held = strip(held.args[0])
    elif isinstance(held, Member) and held.name in _LISTS:
        held = strip(held.object)
    if not isinstance(held, Name | Member) or not set(last_words(held)[-1:]) & _WHOLES:
        return None
    root: Expr = held
    while isinstance(root, Member):
        root = strip(root.object)
    bound = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    return held if all(isinstance(one, Param) for one in bound) else None


def _is_given_out(made: Object | Call) -> bool:
    """Tell whether an object is what its maker returns, frozen or not."""
    for around in ancestors(made):
        if isinstance(around, Return):
            return True
        if not isinstance(around, Call):
            return False
    return False


def _is_of_plugin(maker: Function) -> bool:
    """Tell whether a function makes what one plugin gets: by its name, or by being told which one."""
    said = {word for param in maker.params for word in words(param.name)}
    return bool((set(words(maker.name)) | said) & _FITS_OUT) or len(maker.params) > 1


def _is_taken_apart(module: Module, maker: Function, whole: Name | Member) -> bool:
    """Tell whether the same function picks members of the whole, for what it makes with care."""
    text = module.text_of(whole)
    return any(
        module.text_of(one.object) == text and one.name not in _LISTS
        for one in find(maker.body, Member)
        if isinstance(strip(one.object), Name | Member)
    )
