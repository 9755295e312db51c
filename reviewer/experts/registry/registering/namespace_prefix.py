"""REG181: a name counts as part of a namespace because its text begins alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assign, Binary, Call, Expr, For, Literal, Member, Name, Object, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.registry.vocabulary import OWNERS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_SPACES: Final = word_set("namespace namespaces ns publisher vendor owner scope reserved")
"""What ids are given out under."""
_IDS: Final = word_set("id ids name key identifier slug plugin package command pluginid handle")
_OWNED: Final = word_set("key command topic channel event method setting permission")
"""What stands under the id of a plugin."""
_OWNER_IDS: Final = OWNERS | {"id"}
_OFFERS: Final = word_set(
    "offer register provide declare define publish expose contribute command handle emit tell add"
)
"""First words of a function by which a plugin brings something under its own name."""
_SEPARATORS: Final = (".", ":", "/", "-", "_", "@")


@module_check("REG181", words=_SPACES | OWNERS)
def namespace_prefix(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each test whether an id begins with the name of a namespace."""
    if module.is_test:
        return
    for call in module.calls(("startsWith", "startswith", "indexOf")):
        if call.name == "indexOf" and not _asks_begin(call):
            continue
        given, receiver = call.arg(0), call.receiver
        if given is None or receiver is None or not set(last_words(receiver)) & (_IDS | _OWNED):
            continue
        space = strip(given)
        if not isinstance(space, Name | Member) or not (
            set(last_words(space)[-1:]) & _SPACES
            or _is_owner(space, receiver)
            or _is_of_maker(module, call, space, receiver)
        ):
            continue
        if _parted(module, call, space):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(space))}' ends without a separator here: 'acme.toolshed' begins with 'acme.tool', "
            "too, and counts as part of a namespace that is somebody else's.",
            confidence=Confidence.POSSIBLE if _one_of_many(module, space) and not _values(module, space) else None,
        )


def _is_owner(space: Expr, named: Expr) -> bool:
    """Tell whether keys or commands count as a plugin's by its id: ``key.startsWith(pluginId)``."""
    said = last_words(space)
    return said[-1:] == ("id",) and bool(set(said) & OWNERS) and bool(set(last_words(named)[-1:]) & _OWNED)


def _is_of_maker(module: Module, call: Call, space: Expr, named: Expr) -> bool:
    """Tell whether what somebody offers counts as his by the id of whom the object was made for.

    ``contextFor(id) { return { offer(name) { if (!name.startsWith(id)) throw … } } }``
    """
    held, offered = strip(space), strip(named)
    offering = function_of(call)
    if not isinstance(held, Name) or not isinstance(offered, Name) or offering is None:
        return False
    if not set(words(held.id)[-1:]) & _OWNER_IDS or not set(words(offering.name)[:1]) & _OFFERS:
        return False
    bound, told = module.scopes.lookup(held.id, held), module.scopes.lookup(offered.id, offered)
    maker = bound[0].parent if len(bound) == 1 and isinstance(bound[0], Param) else None
    own = len(told) == 1 and isinstance(told[0], Param) and told[0].parent is offering
    return own and maker is not offering and any(around is maker for around in ancestors(call))


def _asks_begin(call: Call) -> bool:
    """Tell whether a place in a text is asked to be its beginning: ``id.indexOf(owner) === 0``."""
    asked = call.parent
    return (
        isinstance(asked, Binary)
        and asked.op in ("==", "!=")
        and any(isinstance(side, Literal) and side.value == 0 for side in (asked.left, asked.right))
    )


def _parted(module: Module, call: Call, space: Name | Member) -> bool:
    """Tell whether the namespaces end with a separator, are unknown, or the next character is looked at."""
    known = _values(module, space)
    if any(text.endswith(_SEPARATORS) for text in known):
        return True
    if not known and not _is_given(module, space) and not _one_of_many(module, space):
        return True
    function = function_of(call)
    text = module.text_of(function) if function is not None else ""
    return ".length" in text or "len(" in text or any(f"'{sign}'" in text or f'"{sign}"' in text for sign in ".:/")


def _values(module: Module, space: Name | Member) -> list[str]:
    """Return the texts that a table of the module holds, where the namespace is one of those."""
    if not isinstance(space, Name):
        return []
    for binding in module.scopes.lookup(space.id, space):
        source = binding.iterable if isinstance(binding, For) else None
        table = module.scopes.origin(_root(source)) if source is not None else None
        if isinstance(table, Array | Object | Call):
            return [
                node.value
                for node in walk(table)
                if isinstance(node, Literal) and isinstance(node.value, str) and "." in node.value
            ]
    return []


def _one_of_many(module: Module, space: Expr) -> bool:
    """Tell whether a namespace is one of those that an owner, or all of them, have, however they are spelled there."""
    bound = module.scopes.lookup(space.id, space) if isinstance(space, Name) else []
    only = bound[0] if len(bound) == 1 else None
    return isinstance(only, For) and only.iterable is not None and isinstance(_root(only.iterable), Member)


def _root(expr: Expr) -> Expr:
    expr = strip(expr)
    while isinstance(expr, Call) and expr.receiver is not None:
        expr = strip(expr.receiver)
    return expr


def _is_given(module: Module, space: Name | Member) -> bool:
    """Tell whether a namespace is what somebody was given: a parameter, or a member of one, named as such."""
    root: Expr = space
    while isinstance(root, Member):
        root = strip(root.object)
    if not isinstance(root, Name) or set(words(root.id)) & {"process", "config", "options"}:
        return False
    bound = module.scopes.lookup(root.id, root)
    if isinstance(space, Member) and len(bound) == 1 and isinstance(bound[0], Assign):
        return isinstance(module.scopes.origin(root), Call)  # what was found for somebody has it
    return bool(bound) and all(isinstance(one, Param) for one in bound)
