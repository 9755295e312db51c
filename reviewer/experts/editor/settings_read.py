"""Which setting a piece of code reads or writes: ``getConfiguration("acme").get("path")`` is ``acme.path``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, strip
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.host.promised import promises
from reviewer.experts.host.symbols import symbol_of

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

USES: Final = frozenset({"get", "has", "inspect", "update"})
_SECTION: Final = "workspace.getConfiguration"


def setting_of(inquiry: Inquiry, module: Module, expr: Expr) -> str:
    """Return the whole key of the setting that a call reads or writes, or an empty string."""
    call = strip(expr)
    if not isinstance(call, Call):
        origin = module.scopes.origin(call)
        call = strip(origin) if isinstance(origin, Expr) else call
    if not isinstance(call, Call) or call.name not in USES or not call.args or call.receiver is None:
        return ""
    source = module.scopes.origin(call.receiver)
    if not isinstance(source, Call) or source.name != "getConfiguration":
        return ""
    symbols = [symbol_of(module, promise.table, source.callee) for promise in promises(inquiry)]
    key = fixed_text(module, call.args[0])
    if not key or not any(symbol is not None and symbol.name == _SECTION for symbol in symbols):
        return ""
    section = fixed_text(module, source.args[0]) if source.args else ""
    if source.args and not section:
        return ""
    return f"{section}.{key}" if section else key
