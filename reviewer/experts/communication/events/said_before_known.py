"""COM413: what a sender says of itself stands before what the host has proved, or was told beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Return,
    strip,
)
from reviewer.code.text.ideas import GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words
from reviewer.experts.patterns.served import serves
from reviewer.experts.security.vocabulary import IDENTITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_PARTS: Final = frozenset(
    {"headers", "header", "query", "body", "params", "cookies", "searchparams", "form", "args", "arguments"}
)
_PROOFS: Final = frozenset(
    "token tokens bearer session sessions jwt claims verify verified authenticate authenticated credential credentials "
    "signature secret cert certificate apikey login".split()
)
"""Words of what proves who somebody is."""
_IDENTITY: Final = frozenset(
    "name id sub subject uid login owner user key slug tenant workspace org organization account".split()
)
_MESSAGES: Final = frozenset(
    "frame message msg event evt packet envelope report sample telegram signal reading readout notice beacon datagram "
    "payload line reply answer incoming received raw".split()
)
"""Words of what comes from the other side."""
_OPTIONS: Final = frozenset("options opts config settings defaults kwargs props attrs style params".split())
_FOR_WHOM: Final = GUESTS | IDENTITIES
"""Last words of what says for whom something is done."""
_NOT_WHO: Final = frozenset(
    "type kind op verb method action command topic channel level severity status state code error result value values "
    "body data payload version format lang language locale theme mode unit units time timestamp date at count size "
    "limit offset page timeout retries priority weight rank order text title label description message reason url uri "
    "path file host port encoding charset default color colour width height zone timezone tz category tags tag".split()
)
"""Words of what a message is about, and not of who sent it."""


@module_check("COM413")
def said_before_known(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each choice between what comes in and what is known for whether it is about who speaks."""
    if module.is_test:
        return
    for node in module.some(Binary, Conditional, Call):
        for said, own in _choices(node):
            if _proved_beside(inquiry, module, said, own) or _told_beside(module, node, said, own):
                yield Match(
                    said if isinstance(node, Conditional) else node,
                    f"'{short(module.text_of(said))}' is what the sender says of itself, and '{module.text_of(own)}', "
                    "which the host knows, is asked only where it says nothing: whoever names another is that one.",
                )
                break


def _choices(node: Node) -> Iterator[tuple[Expr, Expr]]:
    """Yield what is said and what is known: ``said ?? own``, ``said ? said : own``, ``frame.get("who", own)``."""
    if isinstance(node, Binary) and node.op in ("??", "or", "||"):
        yield strip(node.left), strip(node.right)
    elif isinstance(node, Conditional):
        yield strip(node.then), strip(node.other)
    elif isinstance(node, Call) and node.name in ("get", "pop") and len(node.args) == 2 and node.receiver is not None:
        yield node, strip(node.args[1])


def _key(said: Expr) -> tuple[str, Expr | None]:
    """Return under which name something is read, and of what: ``frame["station"]``, ``headers.get("x-kit")``."""
    if isinstance(said, Member):
        return said.name, said.object
    if isinstance(said, Index) and isinstance(said.key, Literal):
        return str(said.key.value), said.object
    if isinstance(said, Call) and said.name in ("get", "pop", "header") and said.args and said.receiver is not None:
        first = strip(said.args[0])
        return (str(first.value), said.receiver) if isinstance(first, Literal) else ("", None)
    return "", None


def _proved_beside(inquiry: Inquiry, module: Module, said: Expr, own: Expr) -> bool:
    """Tell whether a part of a request stands before a member of what was found by a token or a session."""
    key, holder = _key(said)
    if not key or holder is None or not path_words(holder) & _PARTS:
        return False
    base = strip(own.object) if isinstance(own, Member) else None
    if not isinstance(own, Member) or not isinstance(base, Name | Member):
        return False
    if not set(words(own.name)) & _IDENTITY:
        alike = set(words(own.name)) <= set(words(key)) - _NOT_WHO  # ``x-coop`` and ``session.coop``
        if not alike or not serves(inquiry, module, own.name, anywhere=True):
            return False
    if set(words(base.id if isinstance(base, Name) else base.name)) & _PROOFS:
        return True
    if isinstance(base, Member) or not set(words(own.name)) & _IDENTITY:
        return False
    made = module.scopes.origin(base)
    made = made.right if isinstance(made, Binary) else made
    if not isinstance(made, Expr) or not isinstance(strip(made), Call | Await):
        return False
    return any(
        set(words(getattr(one, "id", "") or getattr(one, "name", ""))) & _PROOFS
        for one in find(made, Expr)
        if isinstance(one, Name | Member | Call)
    )


def _told_beside(module: Module, node: Node, said: Expr, own: Expr) -> bool:
    """Tell whether a message stands before the parameter of its very name, beside which it was handed in."""
    key, holder = _key(said)
    root = strip(holder) if holder is not None else None
    if (
        not isinstance(root, Name)
        or not isinstance(own, Name)
        or own.id != key
        or not set(words(key)).isdisjoint(_NOT_WHO)
    ):
        return False
    message, known = _param(module, root), _param(module, own)
    function = function_of(node)
    if message is None or known is None or message is known or function is None or message.parent is not function:
        return False
    outer = known.parent is not function  # what a function was made for
    if not set(words(root.id)) & _MESSAGES or set(words(root.id)) & _OPTIONS:
        return False
    if not outer and known.default is not None:
        return False
    plain = known.type.strip() in ("", "str", "string") or known.type.strip().endswith(("Id", "Name"))
    return plain and _becomes_part(node)


def _param(module: Module, name: Name) -> Param | None:
    bound = module.scopes.lookup(name.id, name)
    return bound[0] if len(bound) == 1 and isinstance(bound[0], Param) else None


def _becomes_part(node: Node) -> bool:
    """Tell whether a choice becomes a part of a record, or what a call is told: ``Reading(choice, kind)``."""
    around = node.parent
    return isinstance(around, Object) or (isinstance(around, Call) and around.callee is not node)


@module_check("COM413")
def known_as_default(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function made for somebody for a parameter by which its caller may name somebody else."""
    if module.is_test:
        return
    for function in module.functions:
        maker = function.outer
        if maker is None or function.signature_only or not _handed_out(function, maker):
            continue
        for param in function.params:
            own = strip(param.default) if param.default is not None else None
            root = own
            while isinstance(root, Member):
                root = strip(root.object)
            if own is None or not isinstance(root, Name) or param.fields:
                continue
            if root.id not in {one.name for one in maker.params}:
                continue
            if _decides(module, function, param.name) or _told_beside_own(module, maker, function, param.name, own):
                yield Match(
                    param,
                    f"'{param.name}' says who asks, and it is a parameter: '{module.text_of(own)}', for whom this was "
                    "made, is only its default, and whoever calls it may name another.",
                )


def _told_beside_own(module: Module, maker: Function, function: Function, name: str, own: Expr) -> bool:
    """Tell whether a parameter goes where the functions beside this one give whom they were made for.

    ``read(id, who = session.who) { return notes.find(who, id) }`` beside ``notes.drop(session.who, id)``
    """
    last = own.name if isinstance(own, Member) else getattr(own, "id", "")
    if not set(words(last)) & _FOR_WHOM:
        return False
    said = module.text_of(own)
    for call in calls_in(function.body):
        place = next((at for at, one in enumerate(call.args) if isinstance(one, Name) and one.id == name), -1)
        if place < 0 or call.receiver is None:
            continue
        for other in calls_in(maker.body):
            alike = other.receiver is not None and module.text_of(other.receiver) == module.text_of(call.receiver)
            if alike and other is not call and len(other.args) > place and module.text_of(other.args[place]) == said:
                return True
    return False


def _handed_out(function: Function, maker: Function) -> bool:
    """Tell whether a function is what its maker answers with, or a part of that."""
    around = next((one for one in ancestors(function) if isinstance(one, Return | Function | Assign)), None)
    if isinstance(around, Return) or (around is maker and maker.body == [function.parent]):
        return True
    names = {function.name}
    if isinstance(around, Assign) and isinstance(around.target, Name):
        names.add(around.target.id)
    return any(
        name.id in names - {""}
        for answer in find(maker.body, Return)
        if answer.value is not None
        for name in find(answer.value, Name)
    )


def _decides(module: Module, function: Function, name: str, depth: int = 0) -> bool:
    """Tell whether a refusal hangs on a parameter, here or in the function of the file that is told of it."""
    for test in find(function.body, If):
        asked = [one for one in find(test.test, Name) if one.id == name]
        if exits(test.body) and any(
            (isinstance(around, Call) and strip(around.callee) is not one) or _is_in(around)
            for one in asked
            for around in ancestors(one)
        ):
            return True
    for call in calls_in(function.body) if depth == 0 else ():
        target = definition(module, call.callee)
        if not isinstance(target, Function) or target.module is not module:
            continue
        for param, given in zip(target.params, call.args, strict=False):
            if isinstance(given, Name) and given.id == name and _decides(module, target, param.name, 1):
                return True
    return False


def _is_in(node: Node) -> bool:
    return isinstance(node, Binary) and node.op in ("in", "not in")
