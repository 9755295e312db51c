"""SEC084: who passes a right on says which, and nothing holds that against what it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, For, Function, Name
from reviewer.code.text.ideas import HELD
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import surroundings, word_set
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Param
    from reviewer.experts.check import Inquiry

_PASSES: Final = word_set("delegate attenuate derive subdelegate sublicense narrow restrict share lend")
"""First words of a function that makes a smaller right of one that is there."""
_RIGHTS: Final = HELD | word_set("verbs actions caps roles operations scope")
_TO: Final = frozenset({"to", "for", "with", "from", "by", "token", "capability", "grant"})
_HOLDS: Final = word_set(
    "includes has filter every some issubset issuperset isSubsetOf intersection allows covers permits check require "
    "demand ensure assert validate contains intersect subset"
)


@module_check("SEC084", words=_PASSES)
def delegated_more(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at functions that pass rights on for a comparison with those that are there."""
    if module.is_test:
        return
    for function in module.functions:
        if not set(words(function.name)[:1]) & _PASSES or function.signature_only or len(function.params) < 2:
            continue
        if _is_done_to_somebody(function):
            continue
        given = next((param for param in function.params if set(words(param.name)[-1:]) & _RIGHTS), None)
        if given is None or not _about_rights(function) or _is_held(function, given):
            continue
        used = next((one for one in find(function.body, Name) if one.id == given.name), None)
        if used is not None:
            yield Match(
                used,
                f"'{function.name}' passes on whatever '{given.name}' names, and nothing holds that against what is "
                "there to pass on: who has little gives much.",
                fix="Keep only what the right that is passed on has itself, and refuse the rest.",
            )


def _is_done_to_somebody(function: Function) -> bool:
    """Tell whether a name says whom or what is restricted, and not which right: ``restrictChatMember``."""
    said = words(function.name)
    return said[:1] == ("restrict",) and len(said) > 1 and not set(said[1:]) & (_RIGHTS | PERMISSION | _TO)


def _about_rights(function: Function) -> bool:
    given = {word for param in function.params for word in (*words(param.name), *words(param.type))}
    said = surroundings(function) | given
    return bool(said & (PERMISSION | {"capability", "warrant", "token", "lease", "scopes", "rights"}))


def _is_held(function: Function, given: Param) -> bool:
    """Tell whether the function compares what is passed on with something, or has somebody do that."""
    for call in calls_in(function.body):
        about = names_in([*call.args, *([call.receiver] if call.receiver is not None else [])])
        if given.name in about and (call.name in _HOLDS or set(words(call.name)) & _HOLDS):
            return True
    for node in walk(function.body):
        compares = isinstance(node, Binary) and node.op in ("in", "not in", "&", "<=", "-", "<")
        goes_through = isinstance(node, For) and node.iterable is not None
        where = node if compares else node.iterable if isinstance(node, For) and goes_through else None
        if where is not None and given.name in names_in(where):
            return True
    return False
