"""SEC020: a record says who made it by what the request says, where the handler knows who has signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, Function, Literal, Member, Name, Object, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

MAKERS: Final = frozenset(
    "publisher author authorid createdby uploadedby submittedby publishedby actor actorid performedby owner ownerid "
    "changedby installedby requestedby publisherid uploader submitter grantedby approvedby".split()
)
"""Keys of a record that say who did it, without their signs."""
_SENT: Final = frozenset({"body", "query", "params", "headers"})
REQUESTS: Final = frozenset({"req", "request", "ctx", "c"})
"""What a handler calls the request that it is given."""
_KNOWN: Final = frozenset("user account auth principal identity member session actor viewer login".split())
_LOCALS: Final = frozenset({"locals", "state"})
_READS: Final = frozenset({"parse", "safeParse", "validate", "parseAsync", "cast", "assert"})


@module_check("SEC020", words={"body", "query", "params"})
def recorded_from_request(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the records that a handler makes, once somebody has signed in, for whom they name as their maker."""
    if module.is_test or module.language == "python":
        return
    for made in module.all(Object):
        for key, value in made.entries:
            named = "".join(words(str(key.value))) if isinstance(key, Literal) else ""
            if named not in MAKERS or not isinstance(made.parent, Call | Object) or not _is_sent(module, value):
                continue
            known = _known(made)
            if known is None or _is_compared(module, made, value):
                continue
            yield Match(
                value,
                f"'{short(module.text_of(value))}' is what the request says, and '{short(module.text_of(known))}' is "
                "who has signed in: whoever sends another name acts under it.",
                related=((known, "the host knows it here"),),
            )


def _is_sent(module: Module, value: Expr) -> bool:
    """Tell whether a value is a part of a request: ``req.body.owner``, ``body.owner`` of what was parsed from it."""
    part = strip(value)
    if isinstance(part, Binary) and part.op in ("??", "or"):
        return _is_sent(module, part.left)
    if not isinstance(part, Member):
        return False
    holder: object = strip(part.object)
    for _ in range(4):
        if isinstance(holder, Member):
            root = strip(holder.object)
            asked = isinstance(root, Name) and root.id in REQUESTS
            return holder.name in _SENT and (asked or (isinstance(root, Member) and root.name in REQUESTS))
        if isinstance(holder, Call) and holder.name in _READS and len(holder.args) == 1:
            holder = strip(holder.args[0])
        elif isinstance(holder, Name):
            origin = module.scopes.origin(holder)
            if origin is holder or isinstance(origin, Param):
                return False
            holder = strip(origin) if isinstance(origin, Expr) else origin
        else:
            return False
    return False


def _known(made: Object) -> Member | None:
    """Return where the function around a record reads who has signed in: ``req.user``, ``res.locals.account``."""
    around = function_of(made)
    while isinstance(around, Function):
        for member in find(around.body, Member):
            root = strip(member.object)
            named = member.name in _KNOWN
            if named and isinstance(root, Name) and root.id in REQUESTS:
                return member
            if named and isinstance(root, Member) and root.name in _LOCALS:
                return member
        around = around.outer
    return None


def _is_compared(module: Module, made: Object, value: Expr) -> bool:
    """Tell whether somebody holds what the request says against something, or asks about it, in the same function."""
    around = function_of(made)
    text = module.text_of(value)
    if around is None:
        return True
    for node in find(around.body, Binary):
        if node.op in ("==", "!=") and text in (module.text_of(node.left), module.text_of(node.right)):
            return True
    asked = [one for one in find(around.body, Call) if any(module.text_of(arg) == text for arg in one.args)]
    return any(one.name in ("includes", "has") or names_in(one.callee) & {"assert"} or _asks(one) for one in asked)


def _asks(call: Call) -> bool:
    return bool(said_in(call.callee) & {"can", "may", "check", "require", "ensure", "allowed", "authorize", "owns"})
