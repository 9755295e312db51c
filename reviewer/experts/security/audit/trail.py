"""Which calls leave a line in an audit trail, and which stretches of code leave one however they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import callee, definition
from reviewer.code.reach.remembered import remembered
from reviewer.code.syntax import (
    Await,
    Call,
    Class,
    Expr,
    Function,
    Literal,
    Name,
    Object,
    Param,
    Template,
    Try,
    With,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, inside, walk
from reviewer.core.regex import regex
from reviewer.experts.paths import last_words, path_words, word_set
from reviewer.experts.security.audit.stamped import tells_when
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node, Statement

OUTCOMES: Final = word_set("outcome verdict decision ruling denied refused")
"""Words of a line's member that says what became of what was asked."""
_TRAILS: Final = AUDITS | {"audited"}
_RESULTS: Final = OUTCOMES | word_set("result status answer allowed granted permitted ok")
_PUTS: Final = frozenset({"push", "append", "add", "write", "insert", "put", "unshift", "appendleft"})
_LEAVES: Final = word_set("record note report store save log emit send")
"""Words of methods that leave a line, also where their answer is looked at."""
_DEEDS: Final = word_set("action event verb what deed did operation")
"""Words of a line's member that says what was done."""
_MONEY: Final = word_set("charge debit credit refund reserve settle covers balance bill pay deduct")
"""Methods of a ledger that keeps accounts of money, and no trail."""
_ENTERS: Final = _PUTS | frozenset({"enter", "note", "record", "log", "post", "report"})
_READS: Final = frozenset({"get", "pop", "clear", "find", "filter", "list", "search", "has", "keys", "values", "items"})
"""Methods that read a trail, or take from it."""
_RUNS: Final = frozenset({"execute", "run", "query", "exec", "executemany", "prepare"})
_INSERT: Final = regex(r"(?i)\binsert\s+(?:or\s+\w+\s+)?into\s+[\"`\[]?(\w+)")
_LEAST: Final = 3
"""Members of a line: who, what, and what became of it."""
_MOST_OF_WRITER: Final = 4
"""Statements of a function that only writes a line."""
_LONGEST: Final = 400
"""Characters of a statement of SQL in which the table is sought."""


@remembered
def is_record(module: Module, call: Call) -> bool:
    """Tell whether a call leaves a line in a trail: by its words, its table, or through a function that writes one."""
    if _writes(module, call):
        return True
    target = callee(module, call) if not call.new else None
    if target is None or target.signature_only or not 0 < len(target.body) <= _MOST_OF_WRITER:
        return False
    return any(_writes(target.module, one) for one in find(target.body, Call))


def _writes(module: Module, call: Call) -> bool:
    asked = use_of(call).how == "tested" and not set(words(call.name)) & (_TRAILS | _PUTS | _LEAVES)
    if asked or call.name in _READS | _MONEY:
        return False  # ``if not ledger.covers(sum)`` asks, and writes nothing
    named = path_words(call.receiver) if call.receiver is not None else set()
    if (named | set(words(call.name))) & _TRAILS:
        return True
    kept = [word for arg in call.args[:1] for word in last_words(arg)]
    if set(kept) & AUDITS and set(words(call.name)[:1]) & (_PUTS | _LEAVES | _ENTERS) and len(call.args) > 1:
        return True  # write_line(self.journal, who, what)
    if call.name in _RUNS and call.args:
        return _into_trail(call.args[0])
    if call.receiver is None and _is_handed_writer(module, call):
        return True
    if call.receiver is None or len(call.args) != 1:
        return False
    puts = call.name in _PUTS and _is_line(module, call.args[0])
    return puts or (bool(set(words(call.name)[:1]) & _ENTERS) and _tells_outcome(module, call.args[0]))


def _is_handed_writer(module: Module, call: Call) -> bool:
    """Tell whether a function that somebody handed in writes a line: ``record({"event": …, "plugin": plugin, …})``."""
    named = strip(call.callee)
    if not isinstance(named, Name) or set(words(named.id)[:1]) - {"record", "note"} or len(call.args) != 1:
        return False
    made = strip(call.args[0])
    if not isinstance(module.scopes.origin(named), Param) or not isinstance(made, Object):
        return False
    told = [value for _key, value in made.entries if isinstance(module.scopes.origin(value), Param)]
    says = {word for key in made.keys for word in words(key)} & _DEEDS
    return len(made.entries) >= _LEAST and len(told) > 1 and bool(says)


def _tells_outcome(module: Module, made: Expr) -> bool:
    """Tell whether a record says who asked for what, and the answer: who keeps it adds when that was."""
    made = strip(made)
    if not isinstance(made, Object) or len(made.entries) < _LEAST:
        return False
    told = [value for _key, value in made.entries if isinstance(module.scopes.origin(value), Param)]
    return len(told) > 1 and bool({word for key in made.keys for word in words(key)} & _RESULTS)


def _into_trail(statement: Expr) -> bool:
    """Tell whether a statement of SQL puts a row into a table that is a trail by its name."""
    made = strip(statement)
    first = made.items[0] if isinstance(made, Template) and made.items else made
    text = first.value if isinstance(first, Literal) else ""
    hit = _INSERT.search(text[:_LONGEST]) if isinstance(text, str) else None
    return hit is not None and bool(set(words(hit.group(1))) & AUDITS)


def _is_line(module: Module, made: Expr) -> bool:
    """Tell whether a record says when, and what became of what was asked, or who asked for what."""
    made = strip(made)
    if not isinstance(made, Object) or len(made.entries) < _LEAST or not tells_when(module, made):
        return False
    told = [value for _key, value in made.entries if isinstance(module.scopes.origin(value), Param)]
    return len(told) > 1 or bool({word for key in made.keys for word in words(key)} & _RESULTS)


def recorded_whatever(module: Module, node: Node) -> Iterator[Sequence[Statement]]:
    """Yield the statements that leave a line however they end: of a ``try`` or a ``with`` that writes one itself."""
    if isinstance(node, Try):
        written = [*node.handlers, *node.final]
        if any(is_record(module, one) for one in find(written, Call, into_functions=False)):
            yield node.body
    elif isinstance(node, With) and any(_records_exit(module, value) for value, _target in node.items):
        yield node.body


def _records_exit(module: Module, value: Expr) -> bool:
    """Tell whether a context manager of the subject writes a line when what stands in it ends, by an error or not."""
    made = strip(value)
    if isinstance(made, Await):
        made = strip(made.value)
    if not isinstance(made, Call):
        return False
    target = definition(module, made.callee)
    if isinstance(target, Class):
        leaving = target.method("__exit__") or target.method("__aexit__")
        return leaving is not None and _has_record(leaving.module, leaving.body)
    if not isinstance(target, Function):
        return bool(set(words(made.name)) & AUDITS)
    tries = find(target.body, Try, into_functions=False)
    return any(_has_record(target.module, [*one.handlers, *one.final]) for one in tries)


def _has_record(module: Module, nodes: Sequence[Node]) -> bool:
    return any(is_record(module, one) for one in find(nodes, Call, into_functions=False))


def writes_at_exit(module: Module, function: Function) -> bool:
    """Tell whether a function has a ``with`` whose manager writes its lines."""
    return any(
        _records_exit(module, value)
        for one in find(function.body, With, into_functions=False)
        for value, _target in one.items
    )


def covered(module: Module, function: Function, node: Node) -> bool:
    """Tell whether a node of a function stands where a line is left however it ends."""
    return any(
        inside(node, statement)
        for one in walk(function.body, into_functions=False)
        for body in recorded_whatever(module, one)
        for statement in body
    )
