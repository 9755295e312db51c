"""COM412: a listener is handed the record of its peer, and believes what the message says of who sent it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Index, Literal, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, walk
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node, Param
    from reviewer.experts.check import Inquiry

_LISTENS: Final = frozenset(
    "on once addEventListener addListener onMessage on_message listen subscribe receive handle add_reader".split()
)
_SAYS_WHO: Final = frozenset("from sender source publisher emitter author origin by frm from_".split())
_LOGS: Final = frozenset("log debug info warn warning error trace record print".split())


@module_check("COM412", words={"message", "onmessage", "packet", "line", "data", "frame", "msg"})
def peer_known_beside(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what listeners hand on with the record of their peer, for who the message says that it is from."""
    if module.is_test:
        return
    seen: set[int] = set()
    for function, peer, message in _told(module):
        if id(function) in seen:
            continue
        seen.add(id(function))
        for use, said in _claims(function, message):
            if _hands_on(function, use, said) and not _held_against(function, said, peer):
                yield Match(
                    use,
                    f"'{said}' is what the message says of its sender, who writes that; '{peer}' is the peer that it "
                    "came from: whoever names another speaks as that one.",
                )
                break


def _told(module: Module) -> Iterator[tuple[Function, str, str]]:
    """Yield the functions that a listener hands a message and its peer: ``w.on("message", (m) => heard(seat, m))``."""
    for call in module.calls(_LISTENS):
        listener = next((one for arg in call.args if isinstance(one := strip(arg), Function)), None)
        if listener is None or not listener.params or not _of_messages(call):
            continue
        given = {param.name for param in listener.params} - {""}
        for inner in calls_in(listener.body, into_functions=False):
            target = callee(module, inner)
            if target is None or target.module is not module or len(inner.args) < 2:
                continue
            message = _param_for(inner, target, [_mentions(arg, given) for arg in inner.args])
            beside = [isinstance(strip(arg), Name) and not _mentions(arg, given) for arg in inner.args]
            peer = _param_for(inner, target, beside)
            if message is not None and peer is not None and message.name and peer.name:
                yield target, peer.name, message.name


def _of_messages(call: Call) -> bool:
    first = strip(call.args[0]) if call.args else None
    return not isinstance(first, Literal) or str(first.value) in ("message", "data", "line", "packet", "frame", "msg")


def _param_for(call: Call, target: Function, fits: list[bool]) -> Param | None:
    """Return the parameter that gets the first argument that fits."""
    number = next((number for number, fit in enumerate(fits) if fit), len(call.args))
    return target.params[number] if number < len(target.params) else None


def _mentions(node: Node, names: set[str]) -> bool:
    return any(isinstance(one, Name) and one.id in names for one in walk(node))


def _claims(function: Function, message: str) -> Iterator[tuple[Node, str]]:
    """Yield where a message is asked who sent it, with how that is spelled: ``packet.from``, or a name for it."""
    held = {message}
    for assign in find(function.body, Assign, into_functions=False):
        if assign.value is not None and isinstance(assign.target, Name) and _mentions(assign.value, held):
            held.add(assign.target.id)
    for node in find(function.body, Expr):
        if not isinstance(node, Member | Index) or not _SAYS_WHO & set(words(_part(node))):
            continue
        root = strip(node.object)
        if not _mentions(root, held):
            continue
        around = node.parent
        if isinstance(around, Assign) and isinstance(around.target, Name):
            name = around.target.id
            used = (one for one in find(function.body, Name) if one.id == name and one.start > around.stop)
            first = next(used, None)
            if first is not None:
                yield first, name
        else:
            yield node, function.module.text_of(node)


def _part(node: Member | Index) -> str:
    """Return the name of a part: ``from`` of ``packet.from`` and of ``packet["from"]``."""
    if isinstance(node, Member):
        return node.name
    return str(node.key.value) if isinstance(node.key, Literal) else ""


def _hands_on(function: Function, use: Node, said: str) -> bool:
    """Tell whether others are told who it was by that: in a record or an argument that goes on."""
    text = function.module.text_of
    for node in [use, *(one for one in find(function.body, Name) if one.id == said)]:
        for around in ancestors(node):
            if isinstance(around, Object):
                return any(text(value) == said for _key, value in around.entries)
            if isinstance(around, Call):
                if around.name not in _LOGS and any(text(arg) == said for arg in around.args):
                    return True
                break
            if isinstance(around, Function):
                break
    return False


def _held_against(function: Function, said: str, peer: str) -> bool:
    """Tell whether the claim is compared with the peer."""
    text = function.module.text_of
    for test in find(function.body, Binary):
        sides: tuple[Expr, Expr] = (test.left, test.right)
        for one, other in (sides, sides[::-1]):
            if test.op in ("==", "!=", "in", "not in") and text(one) == said and _mentions(other, {peer}):
                return True
    return False
