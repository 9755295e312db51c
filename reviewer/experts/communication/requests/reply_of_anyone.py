"""COM026: several peers answer by one table of requests, and whoever answers is not compared with who was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Index, Member, Name, Param, strip
from reviewer.code.walk import calls_in, find, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import named_function
from reviewer.experts.communication.pending import Pending, pending_requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access
    from reviewer.experts.check import Inquiry

_SECRET: Final = frozenset(
    "randomUUID uuid uuid4 uuid1 v4 nanoid randomBytes token_hex token_urlsafe getRandomValues urandom ulid".split()
)
"""What makes an id that no other peer can guess."""


@module_check("COM026", words={"promise", "future", "create_future", "deferred", "withresolvers"})
def reply_of_anyone(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table of waiting requests that several peers share for who may answer one."""
    if module.is_test:
        return
    for found in pending_requests(inquiry, module):
        asked = _peers(found.function)
        reply = next((one for one in found.table.of("read", "delete") if _by_message(found, one)), None)
        told = _told(reply, asked) if reply is not None else None
        if reply is None or told is None or _holds_against(reply, told):
            continue
        yield Match(
            reply.node,
            f"A reply is taken for the request of its id alone: '{told.name}' says who answers, and that is compared "
            f"with nothing. Whoever knows or guesses an id of '{found.table.name}' answers in place of the one that "
            "was asked.",
            related=((found.entry.node, "waits here for one of them"),),
            fix="Keep with each request who was asked, and take the reply of that one alone.",
            confidence=Confidence.POSSIBLE if _is_secret(module, found) else None,
        )


def _peers(function: Function) -> set[str]:
    """Return the parameters of the asking function by which it looks up whom it asks: ``this.workers.get(name)``."""
    asked = [one.args[0] for one in calls_in(function.body) if one.name == "get" and len(one.args) == 1]
    asked += [one.key for one in find(function.body, Index) if _is_read(one)]
    names = {param.name for param in function.params}
    return {key.id for one in asked if isinstance(key := strip(one), Name) and key.id in names}


def _is_read(index: Index) -> bool:
    return not (isinstance(index.parent, Assign) and index.parent.target is index)


def _by_message(found: Pending, access: Access) -> bool:
    """Tell whether another function takes a request out by what a message says: ``waiting.get(message.id)``."""
    key = strip(access.key) if access.key is not None else None
    function = named_function(access.function)
    if function is None or function is found.function or not isinstance(key, Member | Index | Name):
        return False
    holder = access.node.receiver if isinstance(access.node, Call) else getattr(access.node, "object", None)
    held = strip(holder) if holder is not None else None
    own = is_this_member(held) or (isinstance(held, Name) and found.table.owner is None)
    root: Expr = key
    while isinstance(root, Member | Index):
        root = strip(root.object)
    if root is key and isinstance(key, Name):  # const { id } = message
        made = function.module.scopes.origin(key)
        root = strip(made.object) if isinstance(made, Member | Index) else key
    return own and root is not key and isinstance(root, Name) and root.id != "this"


def _told(reply: Access, asked: set[str]) -> Param | None:
    """Return the parameter by which what takes a reply is told who sent it, itself or by a function around it."""
    around = reply.function
    while around is not None:
        for param in around.params:
            if param.name in asked:
                return param
        around = around.outer
    return None


def _holds_against(reply: Access, told: Param) -> bool:
    """Tell whether the sender of a reply is compared with anything, or handed with the request to what may do so."""
    function = told.parent
    if not isinstance(function, Function) or told.name in names_in(reply.node):
        return True
    compared = (node for node in find(function.body, Binary) if node.op in ("==", "!=", "in", "not in"))
    if any(told.name in names_in(node) for node in compared):
        return True
    entry = reply.node.parent
    kept = entry.target.id if isinstance(entry, Assign) and isinstance(entry.target, Name) else ""
    return bool(kept) and any({told.name, kept} <= names_in(call.args) for call in calls_in(function.body))


def _is_secret(module: Module, found: Pending) -> bool:
    """Tell whether the id of a request is drawn by lot, so that nobody else can know it."""
    key = strip(found.entry.key) if found.entry.key is not None else None
    made = module.scopes.origin(key) if key is not None else None
    return isinstance(made, Expr) and any(isinstance(one, Call) and one.name in _SECRET for one in walk(made))
