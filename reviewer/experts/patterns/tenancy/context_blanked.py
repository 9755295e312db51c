"""PAT160: a context variable is emptied behind a call, in place of what it held before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Array, Await, Call, Class, Literal, Name, Object, Param, Try, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.context_variables import is_context_variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.experts.check import Inquiry


@module_check("PAT160", words={"contextvars", "contextvar"})
def context_variable_blanked(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that sets a variable for the work of others, and empties it in the end."""
    if module.is_test or module.language != "python":
        return
    for cls in module.classes:
        yield from _of_manager(module, cls)
    for node in module.all(Try):
        function = function_of(node)
        for call in find(node.final, Call) if function is not None else ():
            if function is None or call.name != "set" or len(call.args) != 1 or not _is_nothing(call.args[0]):
                continue
            if not is_context_variable(module, call.receiver) or call.receiver is None:
                continue
            name = module.text_of(call.receiver)
            if _is_set(module, function, name, before=call) and _runs_others(module, node):
                yield Match(
                    call,
                    f"'{name}' is empty from here on, whatever it held before: where one call runs within another, the "
                    "outer one goes on for nobody. Keep the token of 'set' and reset to it.",
                )


def _of_manager(module: Module, cls: Class) -> Iterator[Match]:
    """Find the context manager that sets a variable as it is entered, and empties it as it is left."""
    for first, last in (("__enter__", "__exit__"), ("__aenter__", "__aexit__")):
        entering, leaving = cls.method(first), cls.method(last)
        if entering is None or leaving is None:
            continue
        put = {
            module.text_of(one.receiver)
            for one in find(entering.body, Call)
            if one.name == "set" and one.receiver is not None and one.args and not _is_nothing(one.args[0])
        }
        for call in find(leaving.body, Call):
            if call.name != "set" or call.receiver is None or len(call.args) != 1 or not _is_nothing(call.args[0]):
                continue
            name = module.text_of(call.receiver)
            if name in put and is_context_variable(module, call.receiver):
                yield Match(
                    call,
                    f"'{name}' is empty from here on, whatever it held before: where one block stands within another, "
                    "the outer one goes on for nobody. Keep the token of 'set' and reset to it.",
                )


def _is_nothing(value: Expr) -> bool:
    made = strip(value)
    if isinstance(made, Object | Array):
        return not made.children()
    return isinstance(made, Literal) and not made.value


def _is_set(module: Module, function: Function, name: str, *, before: Call) -> bool:
    """Tell whether a function gives the variable a value that it was told, with nothing that keeps the earlier one."""
    for call in find(function.body, Call, into_functions=False):
        if call.name != "set" or call.start >= before.start or call.receiver is None or not call.args:
            continue
        told = strip(call.args[0])
        if module.text_of(call.receiver) == name and isinstance(module.scopes.origin(told), Param):
            return True
    return False


def _runs_others(module: Module, node: Try) -> bool:
    """Tell whether something is waited for, or called that the subject does not know, while the value is set."""
    if any(True for _ in find(node.body, Await, into_functions=False)):
        return True
    return any(
        isinstance(strip(call.callee), Name) and callee(module, call) is None
        for call in find(node.body, Call, into_functions=False)
    )
