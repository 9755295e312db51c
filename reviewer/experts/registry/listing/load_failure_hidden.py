"""REG301: a host loads plugins from entry points and says nothing of those that fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, ExprStatement, For, Function, Jump, Literal, Return
from reviewer.code.walk import ancestors
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Handler, Try
    from reviewer.experts.check import Inquiry

_SOURCES: Final = frozenset({"entry_points", "iter_entry_points", "select", "get"})
_MANAGERS: Final = frozenset(
    "ExtensionManager DriverManager HookManager NamedExtensionManager EnabledExtensionManager "
    "DispatchExtensionManager NameDispatchExtensionManager".split()
)
_BROAD: Final = frozenset({"Exception", "BaseException", "ImportError", "ModuleNotFoundError"})


@module_check("REG301", words={"entry"})
def load_failure_hidden(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for the ``try`` around the load of an entry point, and for a handler that does nothing."""
    if module.is_test:
        return
    for call in module.calls({"load"}):
        around = guarding_try(call) if _of_entry_point(module, call) else None
        silent = _silent(module, around) if around is not None else None
        if silent is not None:
            yield Match(
                silent,
                "A plugin that can't be loaded is passed over without a word: whoever installed it sees that it is not "
                "there, and nobody can say why.",
                related=((call, "what may fail"),),
            )


@module_check("REG301", words={"stevedore"})
def load_failure_dropped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what stevedore is told to call when an extension can't be loaded, and at whether that does anything."""
    if module.is_test:
        return
    for call in module.calls(_MANAGERS):
        given = call.keywords.get("on_load_failure_callback")
        told = definition(module, given) if given is not None else None
        if isinstance(told, Function) and all(_does_nothing(one) for one in told.body):
            yield Match(
                told if told.module is module else given or call,
                "An extension that can't be loaded is handed to a function that does nothing with it: whoever "
                "installed it sees that it is not there, and nobody can say why.",
                related=((call, "what may fail"),),
            )


def _does_nothing(statement: object) -> bool:
    """Tell whether a statement is a description, a ``pass``, or gives back nothing that was worked out."""
    if isinstance(statement, Return):
        return statement.value is None or isinstance(statement.value, Literal)
    return isinstance(statement, Jump) or _is_text(statement)


def _of_entry_point(module: Module, call: Call) -> bool:
    """Tell whether the receiver is what a loop takes out of the entry points of a group."""
    receiver = call.receiver
    name = getattr(receiver, "id", "")
    for around in ancestors(call):
        if isinstance(around, For) and getattr(around.target, "id", "") == name and name:
            return _entry_points(module, around.iterable)
    return False


def _entry_points(module: Module, iterable: Expr | None) -> bool:
    origin = module.scopes.origin(iterable) if iterable is not None else None
    for _ in range(3):
        if not isinstance(origin, Call):
            return False
        named = module.resolve(origin.callee)
        if named.endswith(("metadata.entry_points", "pkg_resources.iter_entry_points")):
            return True
        if origin.name not in _SOURCES or origin.receiver is None:
            return False
        origin = module.scopes.origin(origin.receiver)
    return False


def _silent(module: Module, around: Try) -> Handler | None:
    """Return the handler that takes any failure and does nothing with it."""
    for handler in around.handlers:
        broad = not handler.types or any(module.text_of(one) in _BROAD for one in handler.types)
        nothing = all(isinstance(one, Jump) or _is_text(one) for one in handler.body)
        if broad and nothing:
            return handler
    return None


def _is_text(statement: object) -> bool:
    return isinstance(statement, ExprStatement) and isinstance(statement.value, Literal)
