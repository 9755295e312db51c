"""SEC057: certificates are checked only where a setting asks for it, and it is off as long as nobody does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Binary, Call, Index, Literal, Member, Object, Unary, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_SWITCHES: Final = ("rejectUnauthorized", "check_hostname")
_OPTIONS: Final = ("verify", "verify_ssl", "ssl_verify")
_CLIENTS: Final = ("requests", "httpx", "aiohttp", "urllib3")
_ASKS: Final = frozenset({"get", "getattr", "getenv", "getBoolean", "get_bool", "getboolean"})
_ON: Final = (True, "1", "true", "yes", "on")


@module_check("SEC057", words={"unauthorized", "verify", "hostname"})
def certificates_unchecked_unless_set(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every switch of the check of certificates for what it is while nothing is set."""
    if module.is_test:
        return
    for name, value in _switches(module):
        asked = _asked_in_vain(module, value)
        if asked is not None and not _is_asked_before(module, value, asked):
            yield Match(
                value,
                f"'{name}' is false as long as nobody sets '{short(module.text_of(asked))}': then whoever sits on the "
                "way can answer for the server.",
                fix="Check certificates unless a setting turns that off by name: settings.strict !== false.",
            )


def _switches(module: Module) -> Iterator[tuple[str, Expr]]:
    """Yield what turns the check of certificates on and off, with what it is given."""
    for node in module.some(Assign, Call, Object):
        if isinstance(node, Object):
            value = node.get(_SWITCHES[0])
            if value is not None:
                yield _SWITCHES[0], value
        elif isinstance(node, Assign):
            if isinstance(node.target, Member) and node.target.name in _SWITCHES and node.value is not None:
                yield node.target.name, node.value
        elif isinstance(node, Call) and module.resolve(node.callee).startswith(_CLIENTS):
            yield from ((name, node.keywords[name]) for name in _OPTIONS if name in node.keywords)


def _asked_in_vain(module: Module, value: Expr) -> Expr | None:
    """Return the setting without which a value is false: ``Boolean(own.strict)``, ``own.get("strict", False)``."""
    made: object = strip(value)
    if not isinstance(made, Call | Unary | Binary):
        made = module.scopes.origin(value)
    asked: Expr | None = None
    if isinstance(made, Call) and made.name in ("Boolean", "bool") and len(made.args) == 1:
        asked = made.args[0]
    elif isinstance(made, Unary) and made.op == "not":
        inner = strip(made.operand)
        asked = inner.operand if isinstance(inner, Unary) and inner.op == "not" else None
    elif isinstance(made, Binary) and made.op in ("==", "??", "or"):
        held = strip(made.right)
        wanted = _ON if made.op == "==" else (False,)
        asked = made.left if isinstance(held, Literal) and held.value in wanted else None
    elif isinstance(made, Call) and made.name in _ASKS and _fallback(made) is False:
        return made
    asked = strip(asked) if asked is not None else None
    if isinstance(asked, Call):
        return asked if asked.name in _ASKS and not _fallback(asked) else None
    return asked if isinstance(asked, Member | Index) else None


def _is_asked_before(module: Module, value: Expr, asked: Expr) -> bool:
    """Tell whether a switch is only touched where the setting is there: without it, what the client does stands."""
    text = module.text_of(asked)
    return any(text in module.text_of(condition.test) for condition in conditions(value))


def _fallback(call: Call) -> object:
    """Return what a call gives where nothing is set, as far as it is written out."""
    last = strip(call.args[-1]) if len(call.args) > 1 else call.keywords.get("default")
    return last.value if isinstance(last, Literal) and (call.name != "getattr" or len(call.args) > 2) else None
