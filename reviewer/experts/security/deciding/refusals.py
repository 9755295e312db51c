"""What a refusal looks like: an error, a no, a status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Call, ExprStatement, Literal, Node, Return, Statement, Throw, Unary, uncast
from reviewer.code.walk import walk
from reviewer.experts.paths import path_words

if TYPE_CHECKING:
    from collections.abc import Sequence


def _aborts(last: Statement) -> bool:
    """Tell whether a statement ends a request with a refusing status, as frameworks do: ``abort(403)``."""
    call = last.value if isinstance(last, ExprStatement) else None
    status = call.args[0] if isinstance(call, Call) and call.name == "abort" and call.args else None
    return isinstance(status, Literal) and isinstance(status.value, int) and status.value >= _FIRST_ERROR


_FIRST_ERROR: Final = 400


def refuses(body: Sequence[Statement]) -> bool:
    """Tell whether statements leave by an error or a refusing answer."""
    if not exits(body):
        return False
    last = body[-1]
    if isinstance(last, Throw) or _aborts(last):
        return True
    if not isinstance(last, Return):
        return False
    if last.value is None:
        return True
    value = uncast(last.value)
    if isinstance(value, Literal | Unary):
        return not (isinstance(value, Literal) and value.value is True)
    return any(isinstance(part, Literal) and part.value in (401, 403, 404) for part in walk(value)) or _names_error(
        value
    )


def _names_error(value: Node) -> bool:
    return isinstance(value, Call) and bool({"reject", "deny", "forbidden", "refuse", "error"} & path_words(value))
