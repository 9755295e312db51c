"""SEC087: what a decision reads of a grant is not when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import callee
from reviewer.code.standing import Standing
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Object,
    Param,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.registry.sql_statements import runs, runs_in
from reviewer.experts.registry.sql_text import place
from reviewer.experts.security.deciding.decisions import decision_functions
from reviewer.experts.security.deciding.members_read import is_read
from reviewer.experts.security.reaching.sql_columns import columns_of_tables
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

ENDS: Final = word_set("expires expiry expiration expire until validuntil notafter expiresat endsat")
"""Words of a member that says when something ends."""
GRANTED: Final = (PERMISSION | {"token", "lease", "capability", "scope", "license"}) - {"access"}
"""Words of a record that grants something."""
_CLOCKS: Final = frozenset({"now", "time", "utcnow", "monotonic", "Date", "getTime", "today"})
_SPANS: Final = frozenset({"days", "hours", "minutes", "ttl", "lifetime", "duration", "age", "validity"})
_BEGINS: Final = frozenset({"granted", "issued", "begun", "since", "created", "started", "starts"})
_PLAIN: Final = frozenset("id name key type kind length value size status state at".split())
"""Members that anything has."""
_TAKES_AWAY: Final = frozenset(
    "delete filter splice pop remove discard clear setTimeout call_later call_at Timer schedule unset".split()
)
_DEEPEST: Final = 3
_MOST: Final = 12


class _Record(Struct, frozen=True):
    """Something that is kept until it ends: what it is called, the member that says when, its other members."""

    name: str
    end: str
    others: frozenset[str]
    declared: bool
    """By a class, of which others may make use besides decisions."""


@module_check("SEC087", words=ENDS | _SPANS | {"ends"})
def end_never_compared(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what decisions read of records that have an end, and of rows that have one."""
    if module.is_test:
        return
    said: set[str] = set()
    for record, read, deciding in _unread(inquiry, module):
        said.add(record.end)
        yield Match(
            read,
            f"'{record.name}' ends at '{record.end}', and '{deciding.name}' decides without looking at it: what "
            "was granted for an hour is granted for ever.",
        )
    for deciding in decision_functions(inquiry, module):
        asked = reached(deciding)
        names = mentioned(asked)
        for table, end, at in _rows(module, asked, names):
            if end in said or is_swept(inquiry, end):
                continue
            said.add(end)
            yield Match(
                at,
                f"A row of '{table}' ends at '{end}', and '{deciding.name}' asks for rows without looking at it: what "
                "was granted for an hour is granted for ever.",
            )


def ends_unread(inquiry: Inquiry) -> frozenset[str]:
    """Return the members that say when something ends, of records of which decisions read the others alone."""

    def of_all() -> frozenset[str]:
        modules = inquiry.project.modules(tests=False)
        return frozenset(record.end for module in modules for record, _read, _deciding in _unread(inquiry, module))

    return inquiry.project.once("security.ends_unread", of_all)


def _unread(inquiry: Inquiry, module: Module) -> Iterator[tuple[_Record, Expr, Function]]:
    """Yield the records with an end of which a decision of a file reads something else, with where it does so."""
    records = _records(inquiry)
    said: set[str] = set()
    for deciding in decision_functions(inquiry, module) if records else ():
        asked = reached(deciding)
        names = mentioned(asked)
        for record in records:
            read = _read(asked, record) if record.end not in names and record.end not in said else None
            if read is None or is_swept(inquiry, record.end):
                continue
            if not record.declared or set(words(record.name)) & GRANTED or is_read(inquiry, record.end):
                said.add(record.end)
                yield record, read, deciding


def reached(deciding: Function) -> list[Function]:
    """Return a decision and the functions that it asks, near ones first."""
    found, level = [deciding], [deciding]
    for _ in range(_DEEPEST):
        inner: list[Function] = []
        for function in level:
            for call in calls_in(function.body):
                asked = callee(function.module, call)
                if asked is not None and not any(asked is one for one in found) and len(found) < _MOST:
                    found.append(asked)
                    inner.append(asked)
        level = inner
    return found


def mentioned(functions: list[Function]) -> set[str]:
    """Return every name that functions speak, in code and in texts."""
    found: set[str] = set()
    for function in functions:
        for node in walk([*function.params, *function.body]):
            if isinstance(node, Member):
                found.add(node.name)
            elif isinstance(node, Param):
                found.update(node.fields)
            elif isinstance(node, Literal) and isinstance(node.value, str):
                found.update(node.value.replace(".", " ").split())
    return found


def _records(inquiry: Inquiry) -> tuple[_Record, ...]:
    """Return the records of the subject that say when they end."""

    def of_all() -> tuple[_Record, ...]:
        return tuple(dict.fromkeys(record for one in _RECORDS.of(inquiry.project) for record in one))

    return inquiry.project.once("security.ending_records", of_all)


def _records_of(module: Module) -> tuple[_Record, ...]:
    found: list[_Record] = []
    for cls in module.classes:
        found += _ending(cls.name, [field.name for field in cls.fields], declared=True)
    for record in module.all(Object):
        keys = {str(key.value): value for key, value in record.entries if isinstance(key, Literal)}
        around = function_of(record)
        kept = last_name(record.parent.target) if isinstance(record.parent, Assign) else ""
        for one in _ending(kept or (around.name if around is not None else ""), list(keys), declared=False):
            if _is_from_clock(keys[one.end]) or not is_end(one.end):
                found.append(one)
    return tuple(found)


_RECORDS: Final = Standing("security.ending_records", _records_of, ENDS | _SPANS | {"ends"})


def _ending(name: str, members: list[str], *, declared: bool) -> list[_Record]:
    """Return how a record ends: at a time that it holds, or so long after its beginning."""
    others = frozenset(members) - _PLAIN
    ends = [one for one in members if is_end(one)]
    if not ends and any(set(words(one)) & _SPANS for one in members):
        ends = [one for one in members if set(words(one)) & _BEGINS and not set(words(one)) & _SPANS][:1]
    return [_Record(name, one, others - {one}, declared) for one in ends if len(others) > 1]


def is_end(name: str) -> bool:
    """Tell whether a name says when something ends."""
    return bool((set(words(name)) | {name.lower().replace("_", "")}) & ENDS)


def _is_from_clock(value: Expr) -> bool:
    """Tell whether a value is worked out from the time that it is."""
    return any(part.op == "+" for part in find(value, Binary)) and any(one.name in _CLOCKS for one in find(value, Call))


def _read(functions: list[Function], record: _Record) -> Expr | None:
    """Return where functions look at other members of such a record: at most of them, as they do to tell them apart."""
    found: list[list[Member]] = []
    for function in functions:
        found.append([])
        for member in find(function.body, Member):
            holder = strip(member.object)
            own = isinstance(holder, Name) and holder.id in ("this", "self")
            if member.name in record.others and isinstance(holder, Name) and not own:
                found[-1].append(member)
    most = max(found, key=lambda read: len({one.name for one in read}), default=[])
    return most[0] if most else None


def _rows(module: Module, functions: list[Function], names: set[str]) -> Iterator[tuple[str, str, Location]]:
    """Yield the tables that functions ask, with the column of the end that nothing mentions, and where they ask."""
    for function in functions:
        for run in runs_in(function):
            for table in run.tables if run.verb == "select" else ():
                ends = [column for column in columns_of_tables(module).get(table, ()) if is_end(column)]
                text = run.text.lower()
                for end in ends[:1] if not any(one in text or one in names for one in ends) else ():
                    source = function.module.source.decode("utf-8", "replace")
                    start = source.find(run.text)
                    asked = start + max(text.find("where"), text.find("from"), 0) if start >= 0 else run.call.start
                    yield table, end, place(function.module.path, source, asked, asked + 5)


def is_swept(inquiry: Inquiry, end: str) -> bool:
    """Tell whether something takes away what has ended, or runs when it ends."""
    asked = f"security.swept {end}"
    return any(inquiry.project.answers(asked, lambda module: _sweeps(module, end), naming={end}, tests=False))


def _sweeps(module: Module, end: str) -> bool:
    for function in module.functions:
        own = list(walk([*function.params, *function.body], into_functions=False))
        if any(isinstance(one, Call) and one.name in _TAKES_AWAY for one in own) and end in mentioned([function]):
            return True
    return any(run.verb == "delete" and end in run.text for run in runs(module))
