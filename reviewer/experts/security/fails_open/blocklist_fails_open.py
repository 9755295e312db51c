"""SEC183: a list of what is blocked that can't be had is taken for one that blocks nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, returns_of, siblings
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Conditional,
    Expr,
    ExprStatement,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Try,
    With,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.kept_out import keeps_out

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Statement

_BLOCKS: Final = word_set(
    "blocklist blocked denylist denied blacklist banned revoked revocation revocations killlist forbidden quarantined "
    "blacklisted kill crl recall recalls recalled withdrawn withdrawals yanked suspended barred ban bans banlist deny "
    "revokes quarantine"
)
_BRINGS: Final = word_set("load reload read fetch refresh sync pull update open get list")
"""First words of methods that bring such a list."""
_KEEPS: Final = word_set(
    "list lists store registry table set feed cache book file index ledger register source repository"
)
"""Words of a class that keeps things and does nothing else."""
_ALL_OF_IT: Final = word_set(
    "all list entries items rows ids names set from file disk remote url server feed json state now it them cached "
    "store cache data plugins keys async sync"
)
"""Words of a method that brings all that its class keeps."""
_DOES: Final = word_set("revoke ban deny block suspend quarantine recall kill update add remove un unblock unban set")
"""First words of functions that do something to one thing, and answer whether it went well."""
_DEEDS: Final = frozenset({"kill", "ban", "deny", "recall", "quarantine"})
"""Words of what is done to somebody, where they end the name of a function: ``safe_kill``."""
_QUESTIONS: Final = frozenset("is has was are on in under get load read fetch refresh".split())
_EMPTY: Final = frozenset({"Set", "Map", "set", "dict", "list", "frozenset"})
_THERE: Final = frozenset({"exists", "existsSync", "is_file", "isfile", "accessSync", "pathExists"})
"""Calls that ask whether a file is there."""
_ANSWERED: Final = frozenset({"ok", "status", "status_code", "statusCode", "is_success", "success"})
"""Members of an answer that say whether it brings what was asked for."""


@module_check("SEC183", words=_BLOCKS | {"block", "deny", "ban", "revoke", "catch", "except"})
def blocklist_fails_open(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a function that brings a list of what is blocked answers when it fails."""
    if module.is_test:
        return
    yield from _in_handlers(module)
    yield from _answers_no(module)
    yield from _left_empty(module)
    yield from _not_there(module)


def _answers_no(module: Module) -> Iterator[Match]:
    """Find functions that ask whether one thing is blocked, and answer that it isn't when they can't know."""
    for function in module.functions:
        if not function.params or not _says_blocked(function.name) or set(words(function.name)[:1]) & _DOES:
            continue
        handlers = [h.body for attempt in find(function.body, Try, into_functions=False) for h in attempt.handlers]
        caught = [strip(call.args[0]) for call in find(function.body, Call) if call.name == "catch" and call.args]
        handlers += [one.body for one in caught if isinstance(one, Function)]
        for body in handlers:
            answer = next(
                (
                    one
                    for one in find(body, Return, into_functions=False)
                    if isinstance(given := strip(one.value) if one.value is not None else None, Literal)
                    and given.value is False
                ),
                None,
            )
            if answer is not None:
                yield _told(answer, function.name)
                break


def _not_there(module: Module) -> Iterator[Match]:
    """Find lists that are empty where their file, or a good answer of their server, isn't there."""
    for branch in module.all(If):
        function = function_of(branch)
        if function is None or not _brings(module, function):
            continue
        if not any(_asks_whether_there(part) for part in find(branch.test, Node)):
            continue
        for side in (branch.body, branch.orelse):
            for node in side:
                given = node.value if isinstance(node, Return | ExprStatement) else None
                put = isinstance(node, Return) or (isinstance(given, Assign) and is_this_member(given.target))
                value = given.value if isinstance(given, Assign) else given
                if put and value is not None and _is_empty(value):
                    yield _told(node, function.name)
    for choice in module.all(Conditional):
        function = function_of(choice)
        if function is None or not isinstance(choice.parent, Return | Await | Function | Assign):
            continue
        if _brings(module, function) and any(_asks_whether_there(part) for part in find(choice.test, Node)):
            answer = next((one for one in (choice.then, choice.other) if _is_empty(one)), None)
            if answer is not None:
                yield _told(answer, function.name)


def _asks_whether_there(part: Node) -> bool:
    if isinstance(part, Call):
        return part.name in _THERE
    return isinstance(part, Member) and part.name in _ANSWERED


def _left_empty(module: Module) -> Iterator[Match]:
    """Find names of such lists that are empty at first, and stay so where what fills them fails and is passed over."""
    for attempt in module.all(Try):
        function = function_of(attempt)
        filled = {
            given.target.id: given
            for given in find(attempt.body, Assign, into_functions=False)
            if isinstance(given.target, Name) and (_is_blocklist(module, given.target.id) or _is_brought(given))
        }
        if function is None or not filled or not attempt.handlers or _brings_blocklist(function):
            continue
        before = siblings(attempt)
        place = next((number for number, one in enumerate(before) if one is attempt), 0)
        empty = {
            given.target.id
            for given in find(before[:place], Assign, into_functions=False)
            if isinstance(given.target, Name) and given.value is not None and _is_empty(given.value)
        }
        for handler in attempt.handlers:
            emptied = next((one for one in find(handler.body, Assign) if _empties(one, set(filled))), None)
            if emptied is not None and not exits(handler.body):
                yield _told(emptied, function.name)
                break
            if set(filled) & empty and not exits(handler.body) and not _gives(handler.body, set(filled)):
                yield _told(handler, next(iter(sorted(set(filled) & empty))))
                break


def _is_brought(given: Assign) -> bool:
    """Tell whether a name gets what a call answers with that brings all that is blocked."""
    made = strip(given.value) if given.value is not None else None
    made = strip(made.value) if isinstance(made, Await) else made
    return isinstance(made, Call) and _is_blocklist_call(made)


def _gives(body: Sequence[Statement], names: set[str]) -> bool:
    """Tell whether statements put something else into one of some names."""
    given = find(list(body), Assign, into_functions=False)
    return any(isinstance(one.target, Name) and one.target.id in names and not _gives_nothing(one) for one in given)


def _empties(given: Assign, names: set[str]) -> bool:
    """Tell whether one of some names gets an empty list."""
    return isinstance(given.target, Name) and given.target.id in names and _gives_nothing(given)


def _gives_nothing(given: Assign) -> bool:
    return given.value is not None and _is_empty(given.value)


def _brings(module: Module, function: Function) -> bool:
    """Tell whether a function brings such a list: by its name, by its class, or because its answer keeps others out."""
    return _brings_blocklist(function) or _of_blocklist(function) or keeps_out(module, function.name)


def _is_blocklist(module: Module, name: str) -> bool:
    return _says_blocked(name) or keeps_out(module, name)


def _says_blocked(name: str) -> bool:
    said = words(name)
    if not set(said[-1:]).isdisjoint(_DEEDS) and said[0] not in _QUESTIONS:
        return False  # it does so itself: ``safe_kill``
    return bool((set(said) | {"".join(pair) for pair in pairwise(said)}) & _BLOCKS)


def _in_handlers(module: Module) -> Iterator[Match]:
    """Find what answers with an empty list where bringing it throws."""
    for attempt in module.all(Try):
        function = function_of(attempt)
        if function is None:
            continue
        brings = _brings(module, function)
        for handler in attempt.handlers:
            for node in find(handler.body, Node, into_functions=False):
                put = brings and isinstance(node, Return)
                put = put or (
                    isinstance(node, Assign) and (_puts(module, node) or (brings and _is_kept(function, node)))
                )
                if put and isinstance(node, Return | Assign) and node.value is not None and _is_empty(node.value):
                    yield _told(node, function.name)
                    break
    for kept in module.all(With):
        function = function_of(kept)
        if function is not None and _brings_blocklist(function) and _passes_over(function, kept):
            yield _told(kept, function.name)
    for call in module.calls(("catch",)):
        function, answer = function_of(call), call.args[0] if call.args else None
        if not isinstance(answer, Function) or function is None:
            continue
        name, empty = _kept_as(call)
        asked = strip(call.receiver) if call.receiver is not None else None
        brought = isinstance(asked, Call) and _is_blocklist_call(asked)
        if not brought and not _brings(module, function) and not _is_blocklist(module, name):
            continue
        answers = [one for one in find(answer.body, Return) if one.value is not None]
        given = next((one for one in answers if one.value is not None and (empty or _is_empty(one.value))), None)
        if given is not None:
            yield _told(given, function.name)


def _is_blocklist_call(call: Call) -> bool:
    """Tell whether a call answers with all that is blocked, and not whether one is: ``depot.recalled()``."""
    name = words(call.name)
    asks = bool(name) and name[0] in ("is", "has", "check", "update", "add", "remove", "deny", "ban", "revoke", "block")
    return not call.args and not asks and _says_blocked(call.name)


def _kept_as(call: Call) -> tuple[str, bool]:
    """Return the name under which what a call brings is kept, and whether nothing becomes an empty list on the way."""
    empty, inner = False, call.parent
    while isinstance(inner, Await | Binary | Call | Member):
        if isinstance(inner, Binary):
            empty = empty or (inner.op in ("??", "or") and _is_empty(inner.right))
        inner = inner.parent
    return (inner.target.id if isinstance(inner, Assign) and isinstance(inner.target, Name) else ""), empty


def _puts(module: Module, given: Assign) -> bool:
    """Tell whether something becomes a list, of an object or of the functions around, on which others are kept out."""
    target = strip(given.target)
    if is_this_member(target):
        return _is_blocklist(module, target.name)
    if not isinstance(target, Name) or not _is_blocklist(module, target.id):
        return False
    bound = module.scopes.lookup(target.id, target)
    return any(isinstance(one, Assign) and function_of(one) is not function_of(given) for one in bound)


def _is_kept(function: Function, given: Assign) -> bool:
    """Tell whether a value becomes a field, or part of what the function answers with."""
    if is_this_member(given.target):
        return True
    name = given.target.id if isinstance(given.target, Name) else ""
    return any(one.value is not None and name in names_in(one.value) for one in returns_of(function))


def _passes_over(function: Function, attempt: With) -> bool:
    """Tell whether errors are passed over while a list is filled that was empty before and is the answer."""
    if not any(isinstance(value, Call) and value.name == "suppress" for value, _ in attempt.items):
        return False
    filled = {given.target.id for given in find(attempt.body, Assign) if isinstance(given.target, Name)}
    empty = {
        given.target.id
        for given in find(function.body, Assign)
        if isinstance(given.target, Name) and given.value is not None and _is_empty(given.value)
    }
    answers = [one.value for one in returns_of(function) if one.value is not None]
    return any(name in names_in(answer) for answer in answers for name in filled & empty)


def _told(at: Node, name: str) -> Match:
    return Match(
        at,
        f"When '{name}' fails, nothing at all is blocked: whoever keeps the list from being had "
        "brings every blocked plugin back.",
        fix="Fall back on the last list that was had, and refuse to start without any.",
    )


def _of_blocklist(function: Function) -> bool:
    """Tell whether a class keeps what is blocked, and a method of it reads it anew."""
    owner = function.owner
    if owner is None or not set(words(function.name)[:1]) & _BRINGS:
        return False
    name = words(owner.name)
    if not set(name) & _KEEPS and set(words(function.name)[1:]) - _ALL_OF_IT:
        return False  # ``KickAndBan.get_invite``: a class that does so, and brings something else
    return bool((set(name) | {"".join(pair) for pair in pairwise(name)}) & _BLOCKS)


def _brings_blocklist(function: Function) -> bool:
    """Tell whether a function answers with what is blocked, by its name."""
    name = words(function.name)
    pairs = {"".join(pair) for pair in pairwise(name)}
    return bool((set(name) | pairs) & _BLOCKS) and (not name or name[0] not in ("is", "has", "check", "update"))


def _is_empty(value: Expr) -> bool:
    value = strip(value)
    if isinstance(value, Array):
        return not value.items
    if isinstance(value, Object):
        return not value.entries
    if isinstance(value, Literal):
        return value.value in ("", "[]", "{}")
    return isinstance(value, Call) and value.name in _EMPTY and not value.args
