"""API012 and API013: asynchronous functions where only a synchronous one works, and promises that leave a ``try``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import siblings, use_of
from reviewer.code.reach.links import callee, definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Expr,
    For,
    Function,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Return,
    Spread,
    Template,
    Throw,
    Try,
    strip,
    uncast,
)
from reviewer.code.walk import ancestors, find, function_of, statement_of
from reviewer.experts.api.awaiting import gives_promise, handles_itself, is_caught, waited_for
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import is_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ANSWERS: Final = frozenset("filter some every find findIndex findLast sort toSorted partition takeWhile".split())
"""Methods that use what the callback answers at once."""
_EACH: Final = frozenset({"forEach", "each"})
_TURNS_INTO: Final = frozenset({"map", "filter", "slice", "concat", "reverse"})
"""Methods of a list whose answer is a list of the same things, or of what each was turned into."""
_JOINS: Final = frozenset({"all", "allSettled", "race", "any", "gather"})


@module_check("API012", words={"async", "promise"})
def async_callback(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for asynchronous callbacks of methods that wait for nothing."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(("forEach", "each", "map", "flatMap", *_ANSWERS, "Promise")):
        callback = call.arg(0)
        function = definition(module, callback) if callback is not None else None
        if not isinstance(function, Function) or function.generator:
            continue
        if not function.asynchronous and not (call.name in _ANSWERS | _EACH and _gives_promise(module, function)):
            continue
        message = _wrong(module, call, function)
        if message:
            yield Match(callback or call, message)


def _gives_promise(module: Module, function: Function) -> bool:
    """Tell whether all that a callback does is to answer with the promise of another function."""
    only = function.body[0] if len(function.body) == 1 else None
    call = uncast(only.value) if isinstance(only, Return) and only.value is not None else None
    return isinstance(call, Call) and function.module is module and gives_promise(module, call) is True


def _wrong(module: Module, call: Call, function: Function) -> str:
    if call.new:
        guarded = any(isinstance(one, Try) and one.handlers for one in function.body)
        caught = all(is_caught(one) for one in find(function.body, Await, into_functions=False))
        if call.name != "Promise" or guarded or caught:
            return ""
        return "The function given to 'new Promise' is asynchronous: what it throws is lost, and nothing settles."
    if call.receiver is None:
        return ""
    if call.name in _EACH:
        waits = next(find(function.body, Await, into_functions=False), None)
        if waits is not None and _goes_well(call, function):
            return ""
        if waits is None and (function.asynchronous or _left_to_itself(module, call, function)):
            return ""
        return (
            f"'{call.name}' drops the promises of this asynchronous callback: what follows runs before the work is "
            "done, and an error of it is seen by nobody."
        )
    if call.name in _ANSWERS:
        if any(is_check(module, asked) for asked in find(function.body, Call)):
            return ""
        return f"'{call.name}' takes the promise of this asynchronous callback for its answer: it is always true."
    return _mapped(module, call, function)


def _goes_well(call: Call, function: Function) -> bool:
    """Tell whether the work hears of its own errors, and nothing stands behind the call that could need it done."""
    if not all(is_caught(one) for one in find(function.body, Await, into_functions=False)):
        return False
    statement = statement_of(call)
    beside = siblings(statement) if statement is not None else []
    return bool(beside) and beside[-1] is statement


def _left_to_itself(module: Module, call: Call, function: Function) -> bool:
    """Tell whether the work deals with its own errors, and nobody here waits for anything who could wait for it."""
    around = function_of(call)
    work = next(find(function.body, Call, into_functions=False), None)
    return work is None or (handles_itself(module, work) and (around is None or not around.asynchronous))


def _mapped(module: Module, call: Call, function: Function) -> str:
    """Judge ``items.map(async …)`` by what becomes of the promises."""
    use = use_of(call)
    by = use.by
    if use.how == "dropped":
        if use.awaited:
            return "An array of promises is awaited, which waits for none of them: Promise.all is missing."
        if next(find(function.body, Await, into_functions=False), None) is None:
            return ""  # all of it is done when the call comes back
        return (
            "The promises of this callback are dropped: nobody waits for the work, and its errors are seen by nobody."
        )
    if use.awaited and use.how in ("assigned", "returned"):
        return "An array of promises is awaited, which waits for none of them: Promise.all is missing."
    if use.how == "iterated" and isinstance(by, For) and not by.asynchronous:
        waits = next(find(by.body, Await, into_functions=False), None)
        return "" if waits is not None else "The loop goes through promises, not through their results."
    if (
        use.how == "receiver"
        and isinstance(by, Member)
        and by.name in ("filter", "join", "find", "some", "every", "sort")
    ):
        return f"'{by.name}' works on the promises of this callback, not on their results."
    if use.how == "assigned" and isinstance(by, Assign) and isinstance(by.target, Name):
        around = function_of(by)
        used = [n for n in find(around.body, Name) if n.id == by.target.id] if around is not None else []
        if len(used) > 1 and not waited_for(module, by.target, by) and not _joined(used):
            return f"'{by.target.id}' holds promises, and nobody waits for them."
    return ""


def _joined(uses: list[Name]) -> bool:
    for use in uses:
        for around in ancestors(use):
            if isinstance(around, Call) and around.name in _JOINS:
                return True
            if isinstance(around, Call) and around.name in _TURNS_INTO and not any(arg is use for arg in around.args):
                continue
            if not isinstance(around, Array | Spread | Await | Member):
                break
    return False


@module_check("API013", words={"try"})
def promise_leaves_try(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for promises that are returned out of a ``try`` that was to catch their errors or to clean up after them."""
    if module.is_test:
        return
    for around in module.all(Try):
        function = function_of(around)
        if function is None or not function.asynchronous:
            continue
        handles = any(_does_more(module, handler.body, handler.name) for handler in around.handlers)
        cleans = any(True for _ in find(around.final, Call, into_functions=False))
        if not handles and not cleans:
            continue
        for answer in find(around.body, Return, into_functions=False):
            call = uncast(answer.value) if answer.value is not None else None
            if not isinstance(call, Call) or _inner_try(answer, around):
                continue
            if not _promise(module, call) and not _late_by_the_function(module, function, call):
                continue
            if module.resolve(call.callee) == "Promise.reject":
                continue  # that it is refused is the answer
            if module.resolve(call.callee) == "Promise.resolve" and all(_is_plain(module, one) for one in call.args):
                continue  # which never fails
            if not cleans and _only_works_out(module, call):
                continue
            why = "its errors are not caught here" if handles else "the 'finally' runs before it is done"
            yield Match(answer, f"'{short(module.text_of(call))}' is returned without await: {why}.")


def _is_plain(module: Module, value: Expr) -> bool:
    """Tell whether a value is no promise: it is written out here, or was waited for."""
    given = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    if given and all(isinstance(one, Assign) and isinstance(one.value, Await) for one in given):
        return True
    return isinstance(module.scopes.origin(value), Literal | Object | Array | Template)


def _promise(module: Module, call: Call) -> bool:
    if call.new and _never_fails(call):
        return False
    if call.name in ("then", "catch", "finally") and call.receiver is not None:
        inner: Expr = strip(call.receiver)
        return call.name == "then" and isinstance(inner, Call) and gives_promise(module, inner) is True
    return gives_promise(module, call) is True


def _late_by_the_function(module: Module, function: Function, call: Call) -> bool:
    """Tell whether a function is asynchronous for the sake of what it was handed alone, and waits for nothing."""
    if module.language == "python" or not isinstance(call.callee, Name):
        return False
    bound = module.scopes.lookup(call.callee.id, call.callee)
    handed = len(bound) == 1 and isinstance(bound[0], Param) and not bound[0].type
    return handed and next(find(function.body, Await), None) is None


def _only_works_out(module: Module, call: Call) -> bool:
    """Tell whether an asynchronous function waits for nothing and throws nothing: all it gives is an answer."""
    target = callee(module, call)
    if target is None or not target.asynchronous or target.signature_only:
        return False
    return next(find(target.body, Await), None) is None and next(find(target.body, Throw), None) is None


def _never_fails(call: Call) -> bool:
    """Tell whether a promise is made by a function that can only resolve it: ``new Promise((resolve) => …)``."""
    executor = strip(call.args[0]) if call.args else None
    return isinstance(executor, Function) and not executor.asynchronous and len(executor.params) == 1


def _does_more(module: Module, body: list[object] | object, name: str) -> bool:
    """Tell whether a handler does anything but throw the same error again."""
    statements = body if isinstance(body, list) else [body]
    if len(statements) == 1 and isinstance(statements[0], Throw):
        value = statements[0].value
        return not (value is None or (isinstance(value, Name) and value.id == name))
    return True


def _inner_try(answer: Return, around: Try) -> bool:
    for node in ancestors(answer):
        if node is around:
            return False
        if isinstance(node, Try):
            return True
    return False
