"""COM412: a connection belongs to one plugin, and a message that comes in on it says to which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Binary, Call, Expr, For, Function, Index, Literal, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import names_caller
from reviewer.experts.communication.incoming import incoming, message_loops
from reviewer.experts.communication.vocabulary import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TAILS: Final = frozenset("id name key slug uid ident identity".split())
_RECORDS: Final = frozenset(
    "card info record manifest descriptor spec profile sheet entry meta config ref of for".split()
)
"""Words of a record that describes somebody: a ``PanelCard`` is of a panel."""
_NOT_WHO: Final = EVENTS | frozenset(
    "type kind op verb method action command request reply response id seq number code status error result value body "
    "data payload args params port frame worker thread process socket connection session stream pipe host file path "
    "url uri task job test query page row line model schema format level lang language theme mode version item "
    "document doc node element room key file".split()
)
"""Words of what a message is about, and not of who sent it."""
_LOOKS_UP: Final = frozenset(
    "get has set delete pop setdefault log debug info warn warning error trace String str".split()
)
_FROM_TEXT: Final = frozenset({"parse", "loads", "decode", "decode_message", "unpack", "unpackb"})


@module_check("COM412", words={"message", "messages", "onmessage", "data", "packet", "line", "recv", "receive"})
def peer_named_by_message(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the functions that get what one peer sent, for who they say it is."""
    if module.is_test:
        return
    seen: set[int] = set()
    for function in _receiving(module):
        if id(function) in seen:
            continue
        seen.add(id(function))
        for read, key in _fields_of_message(module, function):
            known = _known(module, function, key)
            if known and _acts_for(read) and not _compared(module, function, read):
                yield Match(
                    read,
                    f"Who sent this is taken from '{module.text_of(read)}', which the sender writes: '{known}' says "
                    "whose connection it is, and whoever names another acts as that one.",
                )
                break


def _receiving(module: Module) -> Iterator[Function]:
    for found in incoming(module):
        yield found.function
    if module.language == "python":
        for loop in message_loops(module):
            around = next((one for one in ancestors(loop) if isinstance(one, Function)), None)
            if around is not None:
                yield around


def _fields_of_message(module: Module, function: Function) -> Iterator[tuple[Expr, str]]:
    """Yield what is read of a message by a name, with that name: ``packet.panel``, ``message["plugin"]``."""
    given = _messages(function)
    for node in find(function.body, Expr):
        key, holder = "", None
        if isinstance(node, Member) and not (isinstance(node.parent, Call) and node.parent.callee is node):
            key, holder = node.name, node.object
        elif isinstance(node, Index) and isinstance(node.key, Literal):
            key, holder = str(node.key.value), node.object
        elif isinstance(node, Call) and node.name == "get" and node.receiver is not None and node.args:
            first = strip(node.args[0])
            key, holder = (str(first.value), node.receiver) if isinstance(first, Literal) else ("", None)
        root = strip(holder) if holder is not None else None
        if key and isinstance(root, Name) and root.id in given:
            yield node, key


def _messages(function: Function) -> set[str]:
    """Return the names that hold a message, or what it carries."""
    given = {name for param in function.params for name in (param.name, *param.fields.values())} - {""}
    for node in find(function.body, Assign):
        made = strip(node.value) if node.value is not None else None
        if (
            isinstance(node.target, Name)
            and made is not None
            and (names_in(made, into_functions=False) & given or (isinstance(made, Call) and made.name in _FROM_TEXT))
        ):
            given.add(node.target.id)
    for loop in find(function.body, For):
        if isinstance(loop.target, Name) and loop.asynchronous:
            given.add(loop.target.id)
    return given


def _known(module: Module, function: Function, key: str) -> str:
    """Return how the object around knows by itself for whom the connection was made, or an empty string."""
    head = _head(key)
    if not head or not set(head).isdisjoint(_NOT_WHO):
        return ""
    cls = class_of(function)
    if cls is not None:
        for node in find(cls, Member):
            holder = strip(node.object)
            if is_this_member(node) and _head(node.name) == head and set(words(node.name)) & _TAILS:
                return module.text_of(node)
            if words(node.name) in (("id",), ("name",)) and is_this_member(holder):
                about = _head(holder.name) == head or head == _described(declared_type(module, holder))
                if about:
                    return module.text_of(node)
        return ""
    return next((name for name in _outer_names(function) if _head(name) == head and _says_who(name)), "")


def _says_who(name: str) -> bool:
    """Tell whether a name is that of an identity: ``pluginId``, or ``plugin`` by itself."""
    return bool(set(words(name)) & _TAILS) or names_caller(name)


def _outer_names(function: Function) -> Iterator[str]:
    outer = function.outer
    while outer is not None:
        yield from (name for param in outer.params for name in (param.name, *param.fields.values()) if name)
        outer = outer.outer


def _head(name: str) -> tuple[str, ...]:
    """Return whom a name is about: ``("plugin",)`` of ``pluginId`` and of ``_plugin``."""
    return tuple(word for word in words(name) if word not in _TAILS and word != "_")


def _described(declared: str) -> tuple[str, ...]:
    return tuple(word for word in words(declared) if word not in _RECORDS)


def _acts_for(read: Expr) -> bool:
    """Tell whether somebody is told who sent the message, and it is not only looked up or written down."""
    inner: Expr = read
    for around in ancestors(read):
        if isinstance(around, Object):
            inner = around
            continue
        if isinstance(around, Call):
            given = [strip(arg) for arg in (*around.args, *around.keywords.values())]
            return any(arg is inner for arg in given) and around.name not in _LOOKS_UP and len(given) > 1
        return False
    return False


def _compared(module: Module, function: Function, read: Expr) -> bool:
    text = module.text_of(read)
    return any(
        node.op in ("==", "!=", "in", "not in") and text in (module.text_of(node.left), module.text_of(node.right))
        for node in find(function.body, Binary)
    )
