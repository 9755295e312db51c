"""REG062: a stored file that can't be read is taken for an empty one, and written back as such."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Block,
    Call,
    Expr,
    ExprStatement,
    For,
    Function,
    Handler,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Throw,
    Try,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, statement_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, last_words, said_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Statement
    from reviewer.experts.check import Inquiry

_READS: Final = frozenset("readFile readFileSync read_text read_bytes readJson readJSON readJsonSync open".split())
_WRITES: Final = frozenset(
    "writeFile writeFileSync write_text write_bytes writeJson writeJSON outputJson outputFile dump safe_dump".split()
)
_EVERYTHING: Final = frozenset(
    "Exception BaseException ValueError JSONDecodeError json.JSONDecodeError YAMLError yaml.YAMLError "
    "UnicodeDecodeError KeyError TypeError".split()
)
"""Errors of Python that mean more than that there is no file yet."""
_FILLS: Final = frozenset({"set", "add", "push", "append", "update", "extend", "clear"})
_TELLS_APART: Final = frozenset({"enoent", "code", "errno", "exists", "notfound"})
"""Words of a handler that looks why the file could not be read."""
_SAVES: Final = frozenset({"rename", "renamesync", "copy", "copyfile", "copyfilesync", "move", "replace", "backup"})
"""Calls of a handler that puts the file aside before it goes on."""
_PASSING: Final = frozenset("cache cached caches memo recent history window theme draft session cookies".split())
"""Words of files that may be lost."""


@module_check("REG062", words={"read", "open"})
def unreadable_taken_for_empty(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what becomes of a failed read in modules that write the same kind of file."""
    if module.is_test or not _writes(module) or not _PASSING.isdisjoint(words(PurePosixPath(module.path).stem)):
        return
    for node in module.all(Try):
        if not any(call.name in _READS for call in calls_in(node.body, into_functions=False)) or _may_be_lost(node):
            continue
        for handler in node.handlers:
            if not _catches_all(module, handler) or _minds(handler) or _ends_there(module, handler):
                continue
            if _goes_on_empty(handler) and _written_back(module, node):
                yield Match(
                    handler,
                    "Whatever keeps the file from being read, damage and missing rights included, is taken for an "
                    "empty one: the next save writes over everything that was in it.",
                )
    for call in module.calls(("catch",)):
        if call.receiver is None or len(call.args) != 1 or _may_be_lost(call):
            continue
        by = strip(call.args[0])
        if not isinstance(by, Function) or not _reads(call.receiver) or _minds(by):
            continue
        if (_answers_empty(by.body) or _answers_no_text(by, call)) and _written_back(module, call):
            yield Match(
                call,
                "Whatever keeps the file from being read is answered with an empty one here: the next save writes "
                "over everything that was in it.",
            )


def _writes(module: Module) -> bool:
    """Tell whether the module writes whole files."""
    return any(True for _ in module.calls(_WRITES)) or any(
        isinstance(mode, Literal) and isinstance(mode.value, str) and "w" in mode.value
        for call in module.calls(("open",))
        for mode in (call.arg(1, "mode"), call.arg(0))
    )


def _written_back(module: Module, read: Node) -> bool:
    """Tell whether what is read here is what the module writes.

    The names that hold it stand in the text that is made for a write; or the function that gives it back
    is called where something is written, or stands beside one that writes what it is given.
    """
    held = _held(module, read)
    written = _made_for_writes(module)
    if any(_is_one_of(module, node, held) for made in written for node in walk(made)):
        return True
    function = function_of(read)
    if function is None or not any(r.value is not None for r in find(function.body, Return, into_functions=False)):
        return False
    kept = _kept_from(module, function)
    if any(_is_one_of(module, node, kept) for made in written for node in walk(made)):
        return True
    for made in written:
        writer = function_of(made)
        if writer is not None and writer is not function:
            given = {param.name for param in writer.params} if writer.owner is None else set()
            if any(isinstance(node, Name) and node.id in given for node in walk(made)):
                return True
            if function.name and any(call.name == function.name for call in calls_in(writer.body)):
                return True
            if _brought_together(module, function, writer):
                return True
    return False


def _kept_from(module: Module, reader: Function) -> set[str]:
    """Return the fields that hold what a function of the module read: ``this.plugins = this.load()``."""
    if not reader.name:
        return set()
    held = {
        _spelling(module, node.target)
        for node in module.all(Assign)
        if isinstance(node.target, Member)
        and node.value is not None
        and any(call.name == reader.name for call in calls_in(node.value, into_functions=False))
    }
    return held - {""}


def _brought_together(module: Module, reader: Function, writer: Function) -> bool:
    """Tell whether a function of the module hands what one function reads to another, which writes what it is given."""
    if not reader.name or not writer.name or not writer.params:
        return False
    for call in module.calls((writer.name,)):
        around = function_of(call)
        if around is None or around is writer or not call.args:
            continue
        given = {node.id for argument in call.args for node in walk(argument) if isinstance(node, Name)}
        for made in find(around.body, Assign, into_functions=False):
            held = isinstance(made.target, Name) and made.target.id in given
            if held and made.value is not None and any(one.name == reader.name for one in calls_in(made.value)):
                return True
    return False


def _held(module: Module, read: Node) -> set[str]:
    """Return what holds what is read, by `_spelling`: after ``text = readFile(…)`` also ``rows = parse(text)``."""
    statement = statement_of(read) or read
    function = function_of(read)
    held = {_spelling(module, node.target) for node in find(statement, Assign, into_functions=False)}
    held |= {
        _spelling(module, c.receiver)
        for c in calls_in(statement, into_functions=False)
        if c.name in _FILLS and c.receiver is not None
    }
    for node in walk(function.body if function is not None else module.body, into_functions=False):
        if not isinstance(node, Assign | For | Call) or node.start <= statement.start:
            continue
        given, place = _passed_on(node)
        if place is not None and any(_is_one_of(module, part, held) for one in given for part in walk(one)):
            whole = isinstance(strip(place), Member)
            held |= {_spelling(module, one) for one in ((place,) if whole else find(place, Name))}
    return held - {""}


def _passed_on(node: Assign | For | Call) -> tuple[list[Expr], Expr | None]:
    """Return what a statement takes, and what holds it from then on."""
    if isinstance(node, Assign):
        target = strip(node.target)
        return ([node.value] if node.value is not None else []), target.object if isinstance(target, Index) else target
    if isinstance(node, For):
        return ([node.iterable] if node.iterable is not None else []), node.target
    return node.args, node.receiver if node.name in _FILLS else None


def _spelling(module: Module, expr: Expr) -> str:
    """Return what tells one variable or field from others: the name, and for a variable where it is bound."""
    expr = strip(expr)
    if isinstance(expr, Member):
        return "." + expr.name
    if not isinstance(expr, Name):
        return ""
    bound = module.scopes.lookup(expr.id, expr)
    return f"{expr.id}@{bound[0].start}" if bound and isinstance(bound[0], Node) else expr.id


def _is_one_of(module: Module, node: Node, held: set[str]) -> bool:
    return isinstance(node, Name | Member) and _spelling(module, node) in held


def _made_for_writes(module: Module) -> list[Expr]:
    """Return what is turned into text or handed to a write."""
    return [
        argument
        for call in module.calls(_WRITES | {"stringify", "dumps"})
        for argument in [*call.args, *call.keywords.values()]
    ]


def _reads(expr: Expr) -> bool:
    expr = strip(expr)
    while isinstance(expr, Call):
        if expr.name in _READS:
            return True
        if expr.receiver is None:
            return False
        expr = strip(expr.receiver)
    return False


def _may_be_lost(node: Node) -> bool:
    """Tell whether what is read is a cache or the like."""
    said: set[str] = set()
    function = function_of(node)
    if function is not None:
        said.update(words(function.name))
        if function.owner is not None:
            said.update(words(function.owner.name))
    for call in calls_in(node, into_functions=False):
        if call.name in _READS:
            for part in [*call.args, *([call.receiver] if call.receiver is not None else [])]:
                said.update(last_words(part))
    return bool(said & _PASSING)


def _catches_all(module: Module, handler: Handler) -> bool:
    if not handler.types:
        return True
    return any(module.text_of(part) in _EVERYTHING for kind in handler.types for part in walk(kind))


def _minds(place: Node) -> bool:
    """Tell whether a handler tells a missing file from a damaged one, keeps the file, or throws."""
    body = place.body if isinstance(place, Handler | Function) else []
    if any(isinstance(part, Throw) for part in walk(body, into_functions=False)):
        return True
    if any(call.name.lower() in _SAVES for call in calls_in(body)):
        return True
    return bool(said_in(body) & _TELLS_APART)


def _ends_there(module: Module, handler: Handler) -> bool:
    """Tell whether a handler calls a function of the subject that never comes back: ``fail("cannot be read")``."""
    for call in calls_in(handler.body, into_functions=False):
        target = definition(module, call.callee)
        last = target.body[-1] if isinstance(target, Function) and target.body else None
        ended = strip(last.value) if isinstance(last, ExprStatement) else None
        if isinstance(last, Throw) or (isinstance(ended, Call) and ended.name in ("exit", "_exit")):
            return True
    return False


def _goes_on_empty(handler: Handler) -> bool:
    """Tell whether the work goes on with nothing: an empty collection is set, given back, or was there before."""
    body = [s for s in handler.body if not _only_tells(s)]
    if not body:
        return _empty_before(handler)
    last = body[-1]
    if isinstance(last, Return):
        return _empty(last.value) if last.value is not None else _is_filled_behind(handler)
    value = strip(last.value) if isinstance(last, ExprStatement) else last
    if isinstance(value, Assign):
        return value.value is not None and _empty(value.value)
    return isinstance(value, Call) and value.name == "clear" and not value.args


def _is_filled_behind(handler: Handler) -> bool:
    """Tell whether a handler leaves a function that goes on to fill a field with what was read."""
    attempt, function = handler.parent, function_of(handler)
    if not isinstance(attempt, Try) or function is None:
        return False
    fills = (call for call in calls_in(function.body) if call.name in _FILLS and call.receiver is not None)
    places = [call.receiver for call in fills if call.start > attempt.start]
    targets = [strip(one.target) for one in find(function.body, Assign) if one.start > attempt.start]
    places += [one.object if isinstance(one, Index) else one for one in targets]
    return any(place is not None and is_this_member(strip(place)) for place in places)


def _only_tells(statement: Statement) -> bool:
    """Tell whether a statement is a log line or ``pass``."""
    if not isinstance(statement, ExprStatement):
        return isinstance(statement, Block) and not list(calls_in(statement))
    value = strip(statement.value)
    if not isinstance(value, Call):
        return not isinstance(value, Assign | Await)
    said = set(words(value.name)) | (set(last_words(value.receiver)) if value.receiver is not None else set())
    return bool(said & {"log", "logger", "logging", "console", "warn", "warning", "print", "exception", "say"})


def _empty_before(handler: Handler) -> bool:
    """Tell whether what the ``try`` would have set is empty from before it."""
    attempt = handler.parent
    function = function_of(handler)
    if not isinstance(attempt, Try) or function is None:
        return False
    names = {last_name(a.target) for a in walk(attempt.body, into_functions=False) if isinstance(a, Assign)}
    return any(
        isinstance(node, Assign)
        and node.raw.start_byte < attempt.raw.start_byte
        and last_name(node.target) in names
        and node.value is not None
        and _empty(node.value)
        for node in walk(function.body, into_functions=False)
    )


def _answers_empty(body: Sequence[Statement]) -> bool:
    last = body[-1] if body else None
    return isinstance(last, Return) and last.value is not None and _empty(last.value)


def _answers_no_text(by: Function, call: Call) -> bool:
    """Tell whether a failed read gives an empty text, and the function leaves off where it is empty, without a word."""
    last = by.body[-1] if by.body else None
    text = strip(last.value) if isinstance(last, Return) and last.value is not None else None
    kept, function = statement_of(call), function_of(call)
    given = next(find(kept, Assign, into_functions=False), None) if kept is not None else None
    if not isinstance(text, Literal) or text.value not in ("", None) or given is None or function is None:
        return False
    name = last_name(given.target)
    tests = (
        one
        for one in find(function.body, If, into_functions=False)
        if exits(one.body) and not isinstance(one.body[-1], Throw)
    )
    return any(isinstance(test := strip(one.test), Unary) and last_name(test.operand) == name for one in tests)


def _empty(expr: Expr) -> bool:
    """Tell whether an expression is a collection with nothing in it, or the text of one."""
    expr = strip(expr)
    if isinstance(expr, Object):
        return all(key is not None and (_empty(value) or _plain(value)) for key, value in expr.entries)
    if isinstance(expr, Array):
        return not expr.items
    if isinstance(expr, Literal):
        return isinstance(expr.value, str) and expr.value.replace(" ", "") in ("[]", "{}")
    return isinstance(expr, Call) and expr.name in ("Map", "Set", "dict", "list", "set") and not expr.args


def _plain(value: Expr) -> bool:
    """Tell whether a member of an otherwise empty document is a number, such as that of its format."""
    value = strip(value)
    return isinstance(value, Literal) and isinstance(value.value, int | float) and not isinstance(value.value, bool)
