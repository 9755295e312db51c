"""SEC033: what belongs to somebody is listed by a prefix that has no end, and so with what is others'."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, Literal, Member, Name, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LISTS: Final = frozenset("keys list scan entries iterate find clear delete remove range starts startswith".split())
"""First words of calls that take what begins with a text, or everything that does away."""
_PREFIXES: Final = frozenset({"prefix", "prefixes", "namespace"})
_PLACES: Final = frozenset("folder dir directory file files path paths url uri".split())
_SEPARATORS: Final = ("/", ":", ".", "|", "#", "\0")


@module_check("SEC033", words={"prefix", "namespace", "keys"})
def listed_by_open_prefix(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each prefix by which something is listed, and behind which names are put with a separator elsewhere."""
    if module.is_test:
        return
    for call in module.all(Call):
        given = strip(call.args[0]) if call.args and words(call.name)[:1] and words(call.name)[0] in _LISTS else None
        if not isinstance(given, Name | Member) or not _is_prefix(call, given) or not _is_open(module, given):
            continue
        beside = _put_behind(module, given)
        if beside is not None:
            yield Match(
                call,
                f"'{short(module.text_of(given))}' has no end, and names stand behind it with one "
                f"('{short(module.text_of(beside))}'): what belongs to a longer name that begins the same is listed "
                "here, too.",
                related=((beside, "the end stands here"),),
            )


def _is_prefix(call: Call, given: Name | Member) -> bool:
    """Tell whether a text is what others begin with, and no folder or file: by its name, or by that of the call."""
    said = set(words(call.name))
    named = set(words(given.id if isinstance(given, Name) else given.name))
    return bool((said | named) & _PREFIXES or call.name == "keys") and not (said | named) & _PLACES


def _is_open(module: Module, given: Expr) -> bool:
    """Tell whether a prefix is put together of names, and ends with one of them."""
    if not isinstance(given, Name) and not is_this_member(given):
        return False
    made = module.scopes.origin(given)
    last = made.items[-1] if isinstance(made, Template) and made.items else None
    return last is not None and not isinstance(last, Literal)


def _put_behind(module: Module, given: Expr) -> Template | None:
    """Return a text in which the prefix is followed by a separator and a name."""
    own = module.text_of(given)
    function = function_of(given)
    while function is not None and function.outer is not None:
        function = function.outer
    place = module.body if function is None or is_this_member(given) else function.body
    for text in find(place, Template):
        for first, mark in zip(text.items, text.items[1:], strict=False):
            ends = isinstance(mark, Literal) and str(mark.value).startswith(_SEPARATORS)
            if ends and text.items[0] is first and module.text_of(strip(first)) == own and text.items[-1] is not mark:
                return text
    return None
