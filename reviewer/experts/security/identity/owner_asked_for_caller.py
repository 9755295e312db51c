"""SEC370: whether something may be done is asked of the one who offers it, and not of the one who asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Expr, If, Index, Member, Name, strip
from reviewer.code.text.ideas import HOLDERS, PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import caller_params
from reviewer.experts.communication.sources import Sources, sources
from reviewer.experts.communication.vocabulary import COMMANDS, EXECUTES, first_word
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node
    from reviewer.experts.check import Inquiry

_OFFERS: Final = HOLDERS | PLAIN_GUEST | word_set("provider publisher author registrant source by offered")
"""Last words of a member that says who put something in."""


@module_check("SEC370", words=COMMANDS | EXECUTES)
def owner_asked_for_caller(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that is told who asks, for whose permission it asks after."""
    if module.is_test:
        return
    known = sources(inquiry, module)
    for function in module.functions:
        callers = [param.name for param in caller_params(function, plugins=True)]
        if not callers or function.signature_only or first_word(function.name) not in EXECUTES:
            continue
        checks = [call for call in calls_in(function.body) if is_check(module, call)]
        for call in checks:
            owner = next((one for one in call.args if _offers(known, one)), None)
            if owner is None or _asked_for_caller(module, call, owner, checks, set(callers)):
                continue
            yield Match(
                call,
                f"'{module.text_of(owner)}' has put the command in, and '{callers[0]}' asks for it: the grants of the "
                "owner are asked after, so that everybody may do through it whatever the owner may.",
            )
            break
        else:
            yield from _looked_up_for_owner(module, known, function, callers)


def _looked_up_for_owner(module: Module, known: Sources, function: Function, callers: list[str]) -> Iterator[Match]:
    """Find the rights of the owner in a condition that refuses: ``right not in rights.get(entry.owner, ())``."""
    for test in find(function.body, If, into_functions=False):
        if not refuses(test.body):
            continue
        keys = [key for key in _keys_of_rights(test.test) if _offers(known, key)]
        if keys and not names_in(test.test) & set(callers) and not _rights_of(function, set(callers)):
            yield Match(
                test.test,
                f"'{module.text_of(keys[0])}' has put the command in, and '{callers[0]}' asks for it: the rights of "
                "the owner are looked up, so that everybody may do through it whatever the owner may.",
            )
            return


def _rights_of(function: Function, callers: set[str]) -> bool:
    """Tell whether the rights of whoever asks are looked up anywhere in a function."""
    return any(names_in(key) & callers for key in _keys_of_rights(function.body))


def _keys_of_rights(nodes: Node | Sequence[Node]) -> Iterator[Expr]:
    """Yield what rights are looked up for: ``entry.owner`` of ``grants[entry.owner]``."""
    for node in walk(nodes):
        if isinstance(node, Index) and set(path_words(node.object)) & TABLES:
            yield node.key
        elif isinstance(node, Call) and node.name == "get" and node.args and path_words(node.receiver) & TABLES:
            yield node.args[0]


def _asked_for_caller(module: Module, call: Call, owner: Expr, checks: list[Call], callers: set[str]) -> bool:
    """Tell whether another check asks whether the caller holds the same right; where none is named, any check."""
    rights = {module.text_of(one) for one in call.args if one is not owner}
    for other in checks:
        if names_in(other) & callers and (not rights or other is call):
            return True
        if names_in(other) & callers and rights & {module.text_of(one) for one in other.args}:
            return True
    return False


def _offers(known: Sources, given: Expr) -> bool:
    """Tell whether an expression is the owner of what was looked up: ``entry.owner``, ``by, spec = table[name]``."""
    inner = strip(given)
    if isinstance(inner, Name):
        bound = known.module.scopes.lookup(inner.id, inner)
        taken = bound[0].value if len(bound) == 1 and isinstance(bound[0], Assign) else None
        taken = strip(taken) if taken is not None else None
        if not isinstance(taken, Member | Index):
            return False
        said = (inner.id, taken.name if isinstance(taken, Member) else "")
        return any(_offering(name) for name in said) and _looked_up(known, taken.object)
    if not isinstance(inner, Member) or not _offering(inner.name) or not isinstance(strip(inner.object), Name):
        return False
    return _looked_up(known, inner.object)


def _offering(name: str) -> bool:
    """Tell whether a name says who put something in."""
    return not (_OFFERS | {"by"}).isdisjoint(words(name)[-1:])


def _looked_up(known: Sources, record: Expr) -> bool:
    """Tell whether a record was found under a key."""
    source = known.of(record)
    return source is not None and source.looked_up
