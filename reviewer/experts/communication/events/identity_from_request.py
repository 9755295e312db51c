"""COM413: who acts is taken from what was sent, and whom the host knows only where nothing was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Await, Binary, Call, Expr, Index, Literal, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ACTORS: Final = frozenset({"actor", "sender", "caller", "principal", "requester", "by", "user", "author", "plugin"})
_KNOWN: Final = frozenset({"person", "session", "principal", "identity", "account", "user", "caller", "claims", "auth"})
"""Names of what the host knows about who is connected."""
_SENT: Final = frozenset({"body", "payload", "message", "data", "json", "event", "frame", "envelope", "msg", "params"})


@module_check("COM413", words=_ACTORS)
def identity_from_request(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each choice between the name that was sent and the name of whoever is signed in."""
    if module.is_test:
        return
    for node in module.some(Call, Binary):
        said, key, own = _choice(node)
        if said is None or own is None or function_of(node) is None or not _ACTORS.issuperset(_bare(key)):
            continue
        if _is_known(own) and _is_sent(module, said):
            yield Match(
                node,
                f"'{key}' of what was sent goes before '{short(module.text_of(own))}', whom the host knows: whoever "
                "names another acts as that one.",
            )


def _choice(node: object) -> tuple[Expr | None, str, Expr | None]:
    """Return (what was sent, the member, whom the host knows) of ``body.get("actor", user.name)`` and its like."""
    if isinstance(node, Call) and node.name == "get" and len(node.args) == 2 and node.receiver is not None:
        key = strip(node.args[0])
        if isinstance(key, Literal) and isinstance(key.value, str):
            return strip(node.receiver), key.value, strip(node.args[1])
    if isinstance(node, Binary) and node.op in ("or", "??"):
        said = strip(node.left)
        if isinstance(said, Call) and said.name == "get" and len(said.args) == 1 and said.receiver is not None:
            key = strip(said.args[0])
            if isinstance(key, Literal) and isinstance(key.value, str):
                return strip(said.receiver), key.value, strip(node.right)
        if isinstance(said, Member):
            return strip(said.object), said.name, strip(node.right)
    return None, "", None


def _bare(key: str) -> list[str]:
    return [word for word in words(key) if word not in ("id", "name")] or [""]


def _is_known(own: Expr) -> bool:
    """Tell whether a value is the name or id of whoever the host has found to be signed in: ``person.name``."""
    if isinstance(own, Index):
        return isinstance(holder := strip(own.object), Name) and set(words(holder.id)) <= _KNOWN
    if not isinstance(own, Member) or own.name.lower() not in (
        "id",
        "name",
        "sub",
        "user",
        "userid",
        "username",
        "plugin",
    ):
        return False
    holder = strip(own.object)
    name = holder.id if isinstance(holder, Name) else holder.name if isinstance(holder, Member) else ""
    return bool(words(name)) and set(words(name)) <= _KNOWN


def _is_sent(module: Module, said: Expr) -> bool:
    """Tell whether a value came with a request or a message, by where it comes from and what it is called."""
    made = module.scopes.origin(said)
    if isinstance(made, Await):
        made = strip(made.value)
    if isinstance(made, Call) and made.name in ("json", "get_json", "loads", "parse"):
        return True
    if isinstance(said, Member):
        return said.name in ("body", "payload", "data", "params") and isinstance(strip(said.object), Name)
    return isinstance(made, Param) and isinstance(said, Name) and said.id in _SENT
