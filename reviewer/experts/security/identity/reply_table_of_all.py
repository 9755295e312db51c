"""SEC369: the requests to all peers wait in one table, under numbers that count up, and any peer answers any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Function, Literal, Member, Name, Param, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.pending import pending_requests
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access
    from reviewer.experts.check import Inquiry

_PEERS: Final = word_set("worker socket port process proc child connection conn frame iframe channel thread ws")
"""Last words of a field that holds the one peer of an object."""
_SENDS: Final = frozenset({"postMessage", "send", "write", "sendall", "send_json", "send_text", "send_bytes"})
_RANDOM: Final = ("randomUUID", "uuid4", "token_hex", "token_urlsafe", "randomBytes", "getRandomValues", "nanoid")


@module_check("SEC369", words={"promise", "future", "fut"})
def reply_table_of_all(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class that speaks with one peer for a table of waiting requests that all its objects share."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for found in pending_requests(inquiry, module):
        owner, entry = class_of(found.entry.node), found.entry
        if found.table.owner is not None or found.table.scope is not None or owner is None or entry.key is None:
            continue
        sender = found.function
        if not _sends_to_own_peer(sender) or not _counts_up(module, entry) or _names_peer(entry):
            continue
        for read in found.table.of("read", "delete"):
            taker = read.function
            if taker is None or taker is sender or class_of(read.node) is not owner or not _by_message(module, read):
                continue
            yield Match(
                found.table.declared,
                f"'{found.table.name}' holds the open requests to every peer, under numbers that count up: whoever "
                f"sends a message with a number that '{owner.name}' gave to another one answers in its place.",
                related=((read.node, "looked up by what a message says"),),
                fix="Give each peer a table of its own, or keep with each request who was asked, and compare.",
            )
            break


def _sends_to_own_peer(function: Function) -> bool:
    """Tell whether a function sends to what a field of its object holds, at once or by a variable."""
    scopes = function.module.scopes
    for call in find(function.body, Call):
        if call.name not in _SENDS or call.receiver is None:
            continue
        held = strip(call.receiver)
        bound = scopes.lookup(held.id, held)[:1] if isinstance(held, Name) else []
        made = bound[0].value if bound and isinstance(bound[0], Assign) else None
        for one in (held, strip(made) if made is not None else None):
            if isinstance(one, Member) and set(last_words(one)[-1:]) & _PEERS:
                return True
    return False


def _counts_up(module: Module, entry: Access) -> bool:
    """Tell whether the ids of requests are numbers of a counter, and nothing that can't be guessed."""
    function = function_of(entry.node)
    while function is not None and function.outer is not None:
        function = function.outer
    if function is None or any(word in module.text_of(function) for word in _RANDOM):
        return False
    key = strip(entry.key) if entry.key is not None else None
    names = {one.id for one in find(key, Name)} if key is not None else set()
    text = module.text_of(function)
    raised = [one.target for one in find(function.body, Assign) if one.op == "+="]
    raised += [one.operand for one in find(function.body, Unary) if one.op == "++"]
    return bool(names) and (bool(raised) or "next(" in text)


def _names_peer(entry: Access) -> bool:
    """Tell whether what waits says who was asked."""
    keys = getattr(strip(entry.value), "keys", []) if entry.value is not None else []
    return isinstance(keys, list) and any(
        word in _PEERS | {"plugin", "mod", "owner", "peer", "session", "client", "id", "name", "from", "callee"}
        for key in keys
        for word in words(key)
    )


def _by_message(module: Module, read: Access) -> bool:
    """Tell whether an entry is looked up by a member of what came in."""
    key: Expr | None = strip(read.key) if read.key is not None else None
    if key is None or isinstance(key, Literal):
        return False
    for name in find(key, Name):
        origin = module.scopes.lookup(name.id, name)[:1]
        if origin and isinstance(origin[0], Param):
            return True
        made = origin[0].value if origin and isinstance(origin[0], Assign) else None
        if made is not None and any(
            isinstance(bound, Param) for part in find(made, Name) for bound in module.scopes.lookup(part.id, part)[:1]
        ):
            return True
    return False
