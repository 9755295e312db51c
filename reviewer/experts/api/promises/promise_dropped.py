"""API010 and API011: promises and coroutines that nobody waits for, or that are used as if they were the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, falls_off, siblings, use_of
from reviewer.code.reach.links import callee
from reviewer.code.reach.used_as import used_type
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Comprehension,
    Conditional,
    ExprStatement,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Return,
    Spread,
    Statement,
    Template,
    Throw,
    Try,
    Unary,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.scale import Confidence, Severity
from reviewer.experts import edits
from reviewer.experts.api.awaiting import (
    TAKERS,
    always_promise,
    awaited_elsewhere,
    awaited_other_way,
    gives_promise,
    handles_itself,
    waited_for,
)
from reviewer.experts.api.promises.handed_promise import handed_as_value
from reviewer.experts.api.promises.of_host import answers_later, shown_to_people
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.hooks.hooks import hook_uses
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_OF_PROMISES: Final = frozenset(
    "then catch finally done add_done_callback close send throw cancel __await__ promise".split()
)
_LOOKED_INTO: Final = frozenset("Object.assign Object.keys Object.values Object.entries JSON.parse".split())
_RECKONS: Final = frozenset({"+", "-", "*", "<", ">", "<=", ">="})
_SHOWN: Final = frozenset({"example", "examples", "demo", "demos", "example.js", "example.mjs", "example.ts"})
"""What shows people how something is used, in as few lines as it takes."""
_PROGRAMS: Final = frozenset({"bin", "example", "examples", "demo", "demos"})
"""Folders at the root whose files are started by a person, and loaded by nobody."""
_STARTED: Final = ("process.argv", "require.main", "import.meta.main", "module.parent")
"""How a file asks whether it is the one that was started."""
_COMMENT: Final = 12
"""Lines of a comment above a call that are read."""
_MEANT: Final = (
    *(b"await", b"forget", b"background", b"intention", b"floating", b"deliberate", b"on purpose", b"unhandled"),
    *(b"don't wait", b"do not wait", b"not waiting", b"without waiting", b"nobody waits", b"no need to wait"),
)
_ASYNC_WORDS: Final = frozenset("async await promise coroutine awaitable promises asyncio fetch import require".split())
"""What is called may be asynchronous in another file alone."""


@module_check("API010", words=_ASYNC_WORDS)
def promise_dropped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for asynchronous calls that stand alone."""
    if module.is_test or is_tooling(module) or module.path.partition("/")[0] in _SHOWN:
        return
    hooks = {id(use.call) for use in hook_uses(inquiry, module)}
    for statement in module.all(ExprStatement):
        call = strip(statement.value)
        if not isinstance(call, Call) or isinstance(statement.value, Await) or id(call) in hooks:
            continue
        if call.name in _OF_PROMISES:
            yield from _never_caught(module, call)
            continue
        known = gives_promise(module, call)
        sure = known is True and not _of_a_guess(module, call)
        if known is False or not (sure or awaited_elsewhere(module, call)) or is_check(module, call):
            continue
        if not awaited_other_way(module, call) and not shown_to_people(inquiry, module, call):
            yield from _dropped(module, call, sure=sure)


def _of_a_guess(module: Module, call: Call) -> bool:
    """Tell whether only what is asked of an object says of which class it is, and one member is little to go by."""
    callee_of_it = strip(call.callee)
    if not isinstance(callee_of_it, Member) or not used_type(module, callee_of_it.object):
        return False
    holder = strip(callee_of_it.object)
    if not isinstance(holder, Name):
        return False
    bound = module.scopes.lookup(holder.id, holder)
    named = ((one.name, strip(one.object)) for one in module.all(Member))
    alike = ((name, of) for name, of in named if isinstance(of, Name) and of.id == holder.id)
    return len({name for name, of in alike if module.scopes.lookup(of.id, of) == bound}) == 1


def _never_caught(module: Module, call: Call) -> Iterator[Match]:
    """Look at ``work().then(use);`` inside a function, where nobody takes the error of the work."""
    if call.name not in ("then", "finally") or function_of(call) is None or module.language == "python":
        return
    work: Expr | None = call
    while isinstance(work, Call) and work.name in ("then", "catch", "finally"):
        if work.name == "catch" or (work.name == "then" and len(work.args) > 1):
            return
        work = strip(work.receiver) if work.receiver is not None else None
    if not isinstance(work, Call) or not gives_promise(module, work) or handles_itself(module, work):
        return
    if module.resolve(work.callee) == "Promise.allSettled":
        return  # never fails
    if module.resolve(work.callee) == "Promise.resolve" and (_only_throws(call) or _only_puts_off(work, call)):
        return  # which is how an error is meant to be seen by everybody, or how something is done a little later
    if not _meant(module, call):
        yield Match(
            call,
            f"When '{short(module.text_of(work.callee))}' fails, nobody takes the error: it is an unhandled rejection, "
            "which ends the process or is lost.",
            fix="Add a handler for the error as the second argument of then(), or a catch() at the end.",
        )


def _dropped(module: Module, call: Call, *, sure: bool) -> Iterator[Match]:
    shown = short(module.text_of(call))
    function = function_of(call)
    lonely = function is None or not function.asynchronous
    if module.language == "python":
        # A twin that doesn't wait has a client of its own.
        guessed = Confidence.POSSIBLE if lonely else Confidence.LIKELY
        yield Match(
            call,
            f"'{shown}' is a coroutine that nobody awaits: nothing of it runs.",
            severity=Severity.HIGH,
            confidence=Confidence.CERTAIN if sure else guessed,
            edits=edits.awaited(module, call),
        )
        return
    if handles_itself(module, call) or _meant(module, call) or _is_program(module, call) or _tells_callback(call):
        return
    of_host = module.resolve(call.callee).startswith("context.") and len(call.args) > 1
    if lonely and not of_host and function is not None and _is_last(module, call, function):
        yield Match(
            call,
            f"Nobody takes the error of '{shown}': it is an unhandled rejection, which ends the process or is lost.",
            confidence=None if sure else Confidence.POSSIBLE,
            severity=Severity.LOW,
            fix="Add a catch() that tells the error.",
        )
        return
    lonely = lonely and not of_host
    yield Match(
        call,
        f"Nobody waits for '{shown}': what follows runs before it is done, and its error is an unhandled rejection.",
        confidence=Confidence.POSSIBLE if lonely and not sure else None,
        edits=edits.awaited(module, call),
    )


def _is_last(module: Module, call: Call, function: Function) -> bool:
    """Tell whether nothing of a function follows a call: who calls it waits for nothing, as an event does."""
    for around in ancestors(call):
        if around is function:
            return True
        if isinstance(around, For | While | Try):
            return False
        beside = siblings(around, module) if isinstance(around, Statement) else []
        if around in beside and beside[-1] is not around:
            return False
    return False


def _only_throws(call: Call) -> bool:
    """Tell whether all that is to be done later is to throw: ``Promise.resolve().then(() => { throw error; })``."""
    given = strip(call.args[0]) if call.args else None
    return isinstance(given, Function) and len(given.body) == 1 and isinstance(given.body[0], Throw)


def _only_puts_off(work: Call, call: Call) -> bool:
    """Tell whether there is no work that could fail: ``Promise.resolve().then(() => draw())``."""
    given = strip(call.args[0]) if call.args else None
    nothing = all(isinstance(one, Literal) for one in work.args)
    return nothing and isinstance(given, Function) and not given.asynchronous


def _tells_callback(call: Call) -> bool:
    """Tell whether a function that is handed over hears of the error: ``store.add(boat, (error) => …)``."""
    given = [one for one in map(strip, call.args) if isinstance(one, Function) and one.params]
    return any(words(one.params[0].name)[-1:] in (("error",), ("err",), ("e",)) for one in given)


def _is_program(module: Module, call: Call) -> bool:
    """Tell whether the call is all that a program does when a person starts it: its error ends it, as it should."""
    if function_of(call) is not None:
        return False
    if module.source.startswith(b"#!") or module.path.partition("/")[0] in _PROGRAMS:
        return True
    tests = [module.text_of(around.test) for around in ancestors(call) if isinstance(around, If)]
    return any(asked in test for test in tests for asked in _STARTED)


def _meant(module: Module, call: Call) -> bool:
    """Tell whether a comment on the lines of a call, or right above them, says that nobody is to wait."""
    lines = module.source.lower().split(b"\n")
    own = lines[max(0, call.line - 2) : call.end_line]
    said = [line.split(mark, 1)[1] for line in own for mark in (b"//", b"/*") if mark in line]
    for line in reversed(lines[max(0, call.line - _COMMENT) : call.line - 1]):
        if not line.lstrip().startswith((b"//", b"/*", b"*")):
            break
        said.append(line)
    return any(word in line for line in said for word in _MEANT)


@module_check("API011", words=_ASYNC_WORDS)
def promise_as_value(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for asynchronous calls whose promise is taken for the result."""
    if module.is_test:
        return
    hooks = {id(use.call) for use in hook_uses(inquiry, module)}
    for call in module.all(Call):
        if id(call) in hooks or isinstance(call.parent, Await | ExprStatement | Return):
            continue
        use = use_of(call)
        if use.awaited or use.how not in ("assigned", "receiver", "tested", "iterated", "other", "spread", "argument"):
            continue
        if not gives_promise(module, call) and not answers_later(inquiry, module, call):
            continue
        if use.how == "tested" and (_may_be_nothing(module, call) or module.resolve(call.callee) == "Promise.resolve"):
            continue  # whether there is one, or whether a value is a promise already
        how = _looked_into(module, call) if use.how == "argument" else _taken(module, call)
        if how and (use.how == "assigned" or not is_check(module, call)):
            what = "coroutine" if module.language == "python" else "promise"
            yield Match(
                call,
                f"'{short(module.text_of(call))}' gives a {what}, and {how}: an await is missing.",
                edits=edits.awaited(module, call) if use.how == "assigned" else (),
            )


def _looked_into(module: Module, call: Call) -> str:
    """Say which function of the language is given a promise and looks for the members of a result."""
    by = use_of(call).by
    if not isinstance(by, Call) or module.language == "python" or module.text_of(by.callee) not in _LOOKED_INTO:
        return ""
    return f"'{module.text_of(by.callee)}' looks for members of it"


def _taken(module: Module, call: Call) -> str:
    """Say how a promise is used as a value, or return an empty string."""
    use = use_of(call)
    by = use.by
    if use.how == "receiver" and isinstance(by, Member):
        return f"'{by.name}' is read of it" if by.name not in _OF_PROMISES and not by.optional else ""
    if use.how == "assigned" and isinstance(by, Assign) and isinstance(by.target, Name) and by.op == "=":
        return _kept(module, by, by.target)
    if use.how == "tested":
        if isinstance(by, Binary) and by.op in ("==", "!=", "??"):
            return "it is compared" if by.op != "??" and (not _with_nothing(by) or always_promise(module, call)) else ""
        if isinstance(by, Unary) and by.op == "not":
            return "it is always true"
        if isinstance(by, If):
            return "it is always true"
        if isinstance(by, Binary) and by.op == "or" and strip(by.left) is call:
            return "what stands behind 'or' is never taken"
        return "it is reckoned with" if isinstance(by, Binary) and by.op in _RECKONS else ""
    if use.how == "iterated" and isinstance(by, For) and not by.asynchronous:
        return "it is gone through"
    if use.how == "spread":
        return "it is spread"
    return "it is put into a text" if isinstance(by, Template) else ""


def _may_be_nothing(module: Module, call: Call) -> bool:
    """Tell whether a call gives a promise or nothing: ``Promise<string> | undefined``, or an end without an answer."""
    target = callee(module, call)
    if target is None:
        return False
    ends = not target.asynchronous and not target.signature_only and falls_off(target)
    around = target.returns.partition("<")[0] + target.returns.rpartition(">")[2]  # ``Promise<…> | undefined``
    return ends or "undefined" in around or "null" in around


def _is_always(module: Module, made: Assign) -> bool:
    call = strip(made.value) if made.value is not None else None
    return isinstance(call, Call) and always_promise(module, call)


def _is_compared(use: Name) -> bool:
    """Tell whether it is asked whether a name holds nothing: ``if owner is None``."""
    around = use.parent
    return isinstance(around, Binary) and around.op in ("==", "!=") and _with_nothing(around)


def _with_nothing(by: Binary) -> bool:
    return any(isinstance(side, Literal) and side.value is None for side in (strip(by.left), strip(by.right)))


def _kept(module: Module, made: Assign, name: Name) -> str:
    bound = module.scopes.lookup(name.id, name)
    function = function_of(made)
    if len(bound) != 1 or function is None:
        return ""
    if any(use.id == name.id and _is_spread(use) for use in find(function.body, Name)):
        return f"'{name.id}' is spread"
    handed = handed_as_value(module, function, name)
    if handed:
        return handed
    if waited_for(module, name, made):
        return f"'{name.id}' is tested" if _refused_by(function, name) else ""
    for use in find(function.body, Name):
        if use.id != name.id or use.start <= name.start or _inside_closure(use, function):
            continue  # what is asked before is whether an earlier one is there
        parent = use.parent
        if isinstance(parent, Member) and parent.object is use and parent.name not in _OF_PROMISES:
            return f"'{name.id}.{parent.name}' is read of it"
        if isinstance(parent, Index) and parent.object is use:
            return f"'{name.id}[…]' is read of it"
        how = _used_as(use)
        if not how and _is_compared(use) and _is_always(module, made):
            how = "compared with nothing"
        if how:
            return f"'{name.id}' is {how}"
    return ""


def _used_as(use: Name) -> str:
    """Say what is done with a name that only can be done with a result, or return an empty string."""
    parent = use.parent
    loops = isinstance(parent, For) and parent.iterable is use and not parent.asynchronous
    if loops or isinstance(parent, Comprehension):
        return "gone through"
    if isinstance(parent, Template):
        return "put into a text"
    if isinstance(parent, Binary) and parent.op in _RECKONS:
        return "reckoned with"
    return "tested" if _decides(use) else ""


def _is_spread(use: Name) -> bool:
    """Tell whether the members of a value are taken over into another: ``{ ...bag }``, ``[...bag]``."""
    around = use.parent
    return isinstance(around, Spread) or (
        isinstance(around, Object) and any(key is None and value is use for key, value in around.entries)
    )


def _refused_by(function: Function, name: Name) -> bool:
    """Tell whether ``if (!name)`` leaves, and the promise is only handed to calls that take a value."""
    refused = False
    for use in find(function.body, Name):
        if use.id != name.id or use is name:
            continue
        around = use.parent
        if isinstance(around, Unary) and around.op == "not" and isinstance(around.parent, If):
            refused = refused or exits(around.parent.body)
        elif not isinstance(around, Call) or around.callee is use or around.name in TAKERS:
            return False
    return refused


def _decides(use: Name) -> bool:
    """Tell whether a condition hangs on a name by itself."""
    inner: Expr = use
    while isinstance(inner.parent, Unary) and inner.parent.op == "not":
        inner = inner.parent
    around = inner.parent
    if isinstance(around, If | While | Conditional):
        return around.test is inner
    return inner is not use or (isinstance(around, Binary) and around.op == "and" and around.left is inner)


def _inside_closure(use: Name, function: Function) -> bool:
    return any(isinstance(around, Function) and around is not function for around in _up_to(use, function))


def _up_to(use: Name, function: Function) -> Iterator[object]:
    for around in ancestors(use):
        if around is function:
            return
        yield around
