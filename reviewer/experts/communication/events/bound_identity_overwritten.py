"""COM006: what a plugin gives is laid over the identity that the host bound into its port."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, Function, Literal, Name, Object, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MOST: Final = 12


@module_check("COM006")
def bound_identity_overwritten(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each record in which one parameter is spread over another, for who gives the two."""
    if module.is_test:
        return
    if inquiry.subject.kind == "plugin":
        return  # nobody is bound in a plugin: it speaks for itself
    for record in module.all(Object):
        found = _spread_over_parameter(module, record)
        if found is None:
            continue
        function, kept, spread, given = found
        if _of_audit(function) or not _bound_by_host(inquiry, function, kept, given):
            continue
        yield Match(
            spread,
            f"'{short(module.text_of(spread))}' comes from the plugin and is laid over '{kept.name}', which the host "
            f"binds: a plugin that writes '{kept.name}' into it acts as another.",
        )


def _spread_over_parameter(module: Module, record: Object) -> tuple[Function, Param, Expr, Param] | None:
    """Return the function of ``{ act, …, ...detail }``, with the two parameters and the spread."""
    kept: Param | None = None
    for key, value in record.entries:
        param = _parameter(module, value)
        if isinstance(key, Literal) and param is not None and key.value == param.name:
            kept = kept or param
        elif key is None and kept is not None and param is not None and param is not kept:
            function = param.parent
            if isinstance(function, Function) and kept.parent is function and function.name:
                return function, kept, value, param
    return None


def _parameter(module: Module, value: Expr) -> Param | None:
    name = strip(value)
    bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
    only = bound[0] if len(bound) == 1 else None
    return only if isinstance(only, Param) and only.name else None


def _of_audit(function: Function) -> bool:
    """Tell whether the record is one of an audit trail, of which another rule speaks."""
    owner = function.owner.name if function.owner is not None else ""
    return bool({*words(function.name), *words(owner)} & AUDITS)


def _bound_by_host(inquiry: Inquiry, function: Function, kept: Param, given: Param) -> bool:
    """Tell whether a port calls the function with an identity of its own, and with what it is itself handed."""
    first, second = function.params.index(kept), function.params.index(given)
    count = 0
    for other in inquiry.project.modules(naming={function.name}, tests=False):
        for call in other.calls((function.name,)):
            port = function_of(call)
            bound, handed = call.arg(first, kept.name), call.arg(second, given.name)
            count += 1
            if count > _MOST or port is None or bound is None or handed is None:
                continue
            if _of_outer(other, port, call, bound) and _of_port(other, port, handed):
                return True
    return False


def _of_outer(module: Module, port: Function, call: Call, bound: Expr) -> bool:
    """Tell whether a value is known around the port: a parameter of an outer function, or a field of its object."""
    bound = strip(bound)
    if is_this_member(bound):
        return port.kind == "method" and not is_this_member(strip(call.callee))
    param = _parameter(module, bound)
    return param is not None and param.parent is not port


def _of_port(module: Module, port: Function, handed: Expr) -> bool:
    return any((param := _parameter(module, name)) is not None and param.parent is port for name in find(handed, Name))
