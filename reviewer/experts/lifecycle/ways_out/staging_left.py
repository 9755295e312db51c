"""LIF186: what was laid out for an attempt is cleared away only when the attempt went well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Await, Binary, Call, Function, Member, Name, Node, Return, Template, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in, statement_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_MAKES: Final = frozenset({"mkdir", "mkdtemp", "mkdtempSync", "mkdirSync", "makedirs", "ensureDir", "mkstemp"})
_CLEARS: Final = word_set("rm rmdir rmtree unlink remove delete discard cleanup clear clean erase purge del")
_FILLS: Final = word_set("join resolve write read open copy extract unpack extractall mkdir exists x unzip untar")
"""Words of calls that work in a folder, or make a path in it, and keep nothing."""
_PATHS: Final = frozenset({"join", "joinpath", "resolve"})
_PASSING: Final = word_set("staging stage temp tmp temporary scratch work working incoming partial unpacked draft")


@module_check("LIF186", words=_PASSING | {"mkdtemp"})
def staging_left(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each attempt whose temporary folder is removed inside of it alone."""
    if module.is_test:
        return
    for attempt in module.all(Try):
        function = function_of(attempt)
        if function is None or not attempt.handlers:
            continue
        cleared = next((one for one in calls_in(attempt.body, into_functions=False) if _clears(one)), None)
        name = _folder(cleared) if cleared is not None else ""
        if cleared is None or not name or not _made_before(function, attempt, name) or _cleared_else(attempt, name):
            continue
        if not _passing(module, function, name) or _is_conditional(cleared, attempt) or _comes_first(cleared, attempt):
            continue
        yield Match(
            cleared,
            f"'{name}' is cleared away only where all went well: every attempt that fails leaves it behind, with what "
            "was fetched so far.",
            fix=f"Clear it away in a finally: '{short(module.text_of(cleared))}'.",
        )
    yield from _without_attempt(module)


def _without_attempt(module: Module) -> Iterator[Match]:
    """Find a temporary folder that is made, worked in and cleared away one after the other, with no net at all."""
    for made in module.all(Assign):
        value = strip(made.value) if made.value is not None else None
        function, target = function_of(made), made.target
        if function is None or not isinstance(target, Name) or not isinstance(value, Call):
            continue
        if not any(call.name in ("mkdtemp", "mkdtempSync") for call in calls_in(value)):
            continue
        cleared = [call for call in calls_in(function.body) if call.start > made.start and _folder(call) == target.id]
        last = next((call for call in cleared if _clears(call)), None)
        if last is None and not _is_kept(function, made, target.id):
            yield Match(
                made,
                f"'{target.id}' is a folder of its own for each call, and nothing ever takes it away: with every call "
                "one more is left behind, with all that was put into it.",
                fix="Clear it away in a finally.",
            )
            continue
        statement = statement_of(last) if last is not None else None
        if last is None or statement is None or not any(statement is one for one in function.body):
            continue
        if any(one.start < statement.start and one.final for one in find(function.body, Try)):
            continue
        work = [call for call in calls_in(function.body) if made.stop <= call.start < statement.start]
        if any(target.id in names_in(call) for call in work):
            yield Match(
                last,
                f"'{target.id}' is cleared away only where all went well: when a step before this line fails, it is "
                "left behind, with what was fetched so far.",
                fix=f"Clear it away in a finally: '{short(module.text_of(last))}'.",
            )


def _is_kept(function: Function, made: Assign, name: str) -> bool:
    """Tell whether a folder goes on to somebody: given back, kept, moved, handed to what clears or to what is made."""
    return any(
        function_of(use) is not function or _goes_on(function, made, use)
        for use in find(function.body, Name)
        if use.id == name and use is not made.target
    )


def _goes_on(function: Function, made: Assign, use: Name) -> bool:
    around = use.parent
    while isinstance(around, Await | Template | Binary) or _makes_path(around, use):
        around = around.parent if around is not None else None
    if isinstance(around, Member) and isinstance(around.parent, Call) and around.parent.callee is around:
        around = around.parent  # archive.write_bytes(data)
    if isinstance(around, Assign) and isinstance(around.target, Name) and around is not made:
        return _is_given_on(function, around.target.id)  # a path in it
    if not isinstance(around, Call):
        return True
    said = set(words(around.name))
    return around.new or around.name[:1].isupper() or around.callee is use or not said & _FILLS


def _is_given_on(function: Function, name: str) -> bool:
    """Tell whether a path in a folder is given back, or kept: whoever has it has the folder."""
    for use in find(function.body, Name):
        if use.id != name:
            continue
        statement = statement_of(use)
        if isinstance(statement, Return):
            called = next((one for one in ancestors(use) if isinstance(one, Call)), None)
            if called is None or _makes_path(called, use) or called.name[:1].isupper():
                return True
        if any(isinstance(one, Assign) and isinstance(one.target, Member) for one in ancestors(use)):
            return True
    return False


def _makes_path(node: Node | None, use: Name) -> bool:
    """Tell whether a node makes a path in a folder: ``join(work, "pack.tgz")``, ``work.joinpath("pack.tgz")``."""
    if isinstance(node, Member):
        return node.object is use and _makes_path(node.parent, use)
    return isinstance(node, Call) and node.name in _PATHS


def _clears(call: Call) -> bool:
    return bool(set(words(call.name)[:1]) & _CLEARS) and bool(_folder(call))


def _folder(call: Call) -> str:
    given = strip(call.args[0]) if call.args else None
    return given.id if isinstance(given, Name) else ""


def _made_before(function: Function, attempt: Try, name: str) -> bool:
    """Tell whether the folder was made in front of the attempt."""
    for call in calls_in(function.body, into_functions=False):
        if call.start < attempt.start and call.name in _MAKES:
            if any(isinstance(one, Name) and one.id == name for one in call.args):
                return True
            if any(isinstance(one, Assign) and getattr(one.target, "id", "") == name for one in _around(call)):
                return True
    return False


def _around(node: Node) -> Iterator[Node]:
    current = node.parent
    while current is not None and not isinstance(current, Function):
        yield current
        current = current.parent


def _cleared_else(attempt: Try, name: str) -> bool:
    """Tell whether the failure, or the end whatever happens, speaks of the folder too."""
    others = [*attempt.orelse, *attempt.final, *(one for handler in attempt.handlers for one in handler.body)]
    return any(node.id == name for node in find(others, Name))


def _passing(module: Module, function: Function, name: str) -> bool:
    """Tell whether a folder is there for the attempt alone, by its name or by what made it."""
    if set(words(name)) & _PASSING:
        return True
    made = [one.value for one in find(function.body, Assign) if getattr(one.target, "id", "") == name]
    return any(
        value is not None and any(c.name in ("mkdtemp", "mkdtempSync") for c in calls_in(value)) for value in made
    )


def _comes_first(call: Call, attempt: Try) -> bool:
    """Tell whether the clearing is the first thing that is tried: only it can fail there."""
    return statement_of(call) is attempt.body[0]


def _is_conditional(call: Call, attempt: Try) -> bool:
    """Tell whether the clearing stands in a branch, which is a failure of its own kind."""
    statement: Node = call
    for around in _around(call):
        if around is attempt:
            return not any(statement is one for one in attempt.body)
        statement = around
    return True
