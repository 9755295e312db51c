"""REG160: a change of an SQLite database that nobody commits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.call_sites import callers
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Call, Class, Expr, Function, Literal, Name, Param, With, Yield
from reviewer.code.walk import ancestors, calls_in, class_of, find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WRITES: Final = regex(r"\s{0,200}(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
_LOCKS: Final = frozenset({"lock", "rlock", "mutex", "guard", "semaphore"})
_COMMITS: Final = frozenset({"commit", "executescript", "autocommit", "isolation_level"})


@module_check("REG160", words={"sqlite", "sqlite3"})
def write_not_committed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each statement that changes the database for a commit."""
    if module.is_test or module.language != "python":
        return
    told: set[int] = set()
    for call in module.calls(("execute", "executemany")):
        function = function_of(call)
        if function is None or id(function) in told or not _changes(module, call):
            continue
        connection = _connection(module, call.receiver)
        if connection is None and not _is_handed_in(module, call.receiver):
            continue
        if (connection is not None and _commits_itself(module, connection)) or _in_transaction(module, call):
            continue
        beside = connection is not None or _others_commit(module, function)
        if beside and not _committed(module, function, set()) and not _committed_elsewhere(module, function):
            told.add(id(function))
            yield Match(
                call,
                f"'{short(text_of(_statement(module, call)))}' is not committed, here or by a caller: it is dropped "
                "when the connection is closed.",
            )


def _statement(module: Module, call: Call) -> Expr | None:
    made = module.scopes.origin(call.args[0]) if call.args else None
    return made if isinstance(made, Expr) else None


def _changes(module: Module, call: Call) -> bool:
    return _WRITES.match(text_of(_statement(module, call))[:300]) is not None


def _connection(module: Module, holder: Expr | None) -> Call | None:
    """Return the call of ``sqlite3.connect`` that a connection or a cursor comes from."""
    for _ in range(4):
        made = _opened(module, holder) if holder is not None else None
        if not isinstance(made, Call):
            return None
        if module.resolve(made.callee) in ("sqlite3.connect", "sqlite3.dbapi2.connect"):
            return made
        if made.name not in ("cursor", "execute"):
            return None
        holder = made.receiver
    return None


def _is_handed_in(module: Module, holder: Expr | None) -> bool:
    """Tell whether a connection is a parameter that is said to be one: ``connection: sqlite3.Connection``."""
    bound = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) else []
    return len(bound) == 1 and isinstance(bound[0], Param) and bound[0].type.strip("'\" ") in _CONNECTIONS


_CONNECTIONS: Final = ("sqlite3.Connection", "Connection")


def _others_commit(module: Module, function: Function) -> bool:
    """Tell whether another function of the file makes its own changes last, of the connection that it is handed."""
    for call in module.calls(("execute", "executemany")):
        other = function_of(call)
        if other is None or other is function or not _is_handed_in(module, call.receiver) or not _changes(module, call):
            continue
        if _in_transaction(module, call) or any(one.name in _COMMITS for one in calls_in(other.body)):
            return True
    return False


def _committed_elsewhere(module: Module, function: Function) -> bool:
    """Tell whether a caller in another file commits, or opens a block that does."""
    return any(
        _in_transaction(other, call) or _commits_around(call)
        for other in callers(module, function.name)
        for call in other.calls((function.name,))
    )


def _commits_around(call: Call) -> bool:
    around = function_of(call)
    return around is not None and any(one.name in _COMMITS for one in calls_in(around.body))


def _opened(module: Module, holder: Expr) -> object:
    """Return what a name was made of, past ``closing(…)`` and a helper that only gives a new connection."""
    made: object = module.scopes.origin(holder)
    name = holder.id if isinstance(holder, Name) else ""
    entered = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) else []
    items = [item for one in entered if isinstance(one, With) for item in one.items]
    made = next((value for value, target in items if isinstance(target, Name) and target.id == name), made)
    if isinstance(made, Call) and made.name == "closing" and made.args:
        made = module.scopes.origin(made.args[0])
    helper = callee(module, made) if isinstance(made, Call) else None
    if helper is not None and helper.module is module:
        given = [one.value for one in returns_of(helper)] or [one.value for one in find(helper.body, Yield)]
        opened = module.scopes.origin(given[0]) if len(given) == 1 and given[0] is not None else None
        return opened if isinstance(opened, Call) else made
    return made


def _commits_itself(module: Module, connection: Call) -> bool:
    if "autocommit" in connection.keywords:
        return True
    level = connection.keywords.get("isolation_level")
    return isinstance(level, Literal) and level.value is None


def _in_transaction(module: Module, node: Call) -> bool:
    """Tell whether a block of a connection, or of some context manager for writing, is around a place."""
    return any(
        isinstance(around, With) and not all(_only_holds(module, value) for value, _target in around.items)
        for around in ancestors(node)
    )


def _only_holds(module: Module, value: Expr, depth: int = 2) -> bool:
    """Tell whether what a block enters only closes, or locks, in the end: ``closing(db)``, ``self._write_lock``."""
    if isinstance(value, Call) and value.name == "closing":
        return True
    if set(last_words(value)) & _LOCKS:
        return True
    helper = callee(module, value) if isinstance(value, Call) else None
    if helper is None or helper.module is not module or not depth or not any(find(helper.body, Yield)):
        return False
    blocks = [item for one in find(helper.body, With) for item, _target in one.items]
    return not _ends_work(helper) and all(_only_holds(module, one, depth - 1) for one in blocks)


def _ends_work(helper: Function) -> bool:
    return any(call.name in _COMMITS or "commit" in call.name.lower() for call in calls_in(helper.body))


def _committed(module: Module, function: Function, seen: set[int]) -> bool:
    """Tell whether a function commits, or every caller of it does, or who calls it is not seen."""
    if id(function) in seen or len(seen) > 20:
        return False
    seen.add(id(function))
    if any(call.name in _COMMITS for call in calls_in(function.body)) or _COMMITS & _named(module, function):
        return True
    owner = class_of(function)
    sites = [call for call in module.calls((function.name,)) if function.name and _same_owner(call, owner)]
    return any(_in_transaction(module, call) or _outer_commits(module, call, seen) for call in sites)


def _named(module: Module, function: Function) -> set[str]:
    """Return the calls of helpers by name that say that they commit."""
    return {"commit" for call in calls_in(function.body) if "commit" in call.name.lower() or call.name == "save"} | {
        "isolation_level" for param in function.params if isinstance(param, Param) and param.name == "commit"
    }


def _same_owner(call: Call, owner: Class | None) -> bool:
    if owner is None:
        return isinstance(call.callee, Name)
    return class_of(call) is owner


def _outer_commits(module: Module, call: Call, seen: set[int]) -> bool:
    outer = function_of(call)
    return outer is not None and _committed(module, outer, seen)
