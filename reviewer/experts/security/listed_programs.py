"""Programs that a host keeps by name and runs for who names one: those of its guests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, Index, Member, Name, Param, Spread, strip
from reviewer.code.walk import class_of, find
from reviewer.experts.security.given.environment_given import is_handed, words_of

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.security.sinks import Sink

_PIPES: Final = frozenset({"stdin", "communicate"})
_WRAPS: Final = frozenset({"str", "fspath", "String", "list", "tuple"})


def runs_listed(module: Module, sink: Sink) -> bool:
    """Tell whether the program is one of a table that the host was given, by the name that somebody asks for.

    ``create_subprocess_exec(*self._tools[job.tool])``. A table that the file itself writes out holds tools of its own.
    """
    first = next(iter(words_of(module, sink)), None)
    return first is not None and _is_listed(module, first)


def is_spoken_to(module: Module, sink: Sink) -> bool:
    """Tell whether what is started is asked something over its standard input."""
    if module.language == "python":
        return "stdin" in sink.call.keywords
    return bool(_PIPES & module.identifiers)


def _is_listed(module: Module, given: Expr) -> bool:
    inner = given.value if isinstance(given, Spread) else given
    made = module.scopes.origin(inner) if isinstance(inner, Name) else strip(inner)
    if isinstance(made, Call) and made.receiver is None and made.name in _WRAPS and made.args:
        made = strip(made.args[0])
    while isinstance(made, Member):  # ``self._tools[name].command``
        holder = strip(made.object)
        made = module.scopes.origin(holder) if isinstance(holder, Name) and holder.id != "this" else holder
        if is_this_member(made):
            return False
    table, key = _looked_up(made)
    if table is None or key is None or not any(is_handed(module, name) for name in find(key, Name)):
        return False
    return _is_given(module, table)


def _looked_up(made: object) -> tuple[Expr | None, Expr | None]:
    if isinstance(made, Index):
        return made.object, made.key
    if isinstance(made, Call) and made.name == "get" and made.receiver is not None and made.args:
        return made.receiver, made.args[0]
    return None, None


def _is_given(module: Module, table: Expr) -> bool:
    """Tell whether a table is what the object, or the function around, was told."""
    held = strip(table)
    cls = class_of(held)
    if is_this_member(held) and cls is not None:
        values = [strip(value) for value in module.scopes.field_values(cls, held.name)]
        copied = [value.args[0] if isinstance(value, Call) and len(value.args) == 1 else value for value in values]
        return any(isinstance(one := strip(value), Name) and _is_param(module, one) for value in copied)
    return isinstance(held, Name) and _is_param(module, held)


def _is_param(module: Module, name: Name) -> bool:
    bound = module.scopes.lookup(name.id, name)
    return len(bound) == 1 and isinstance(bound[0], Param)
