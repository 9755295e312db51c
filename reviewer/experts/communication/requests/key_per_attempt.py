"""COM100: the key by which the other side would know a repeat is made anew for each attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, in_handler
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Cast,
    Expr,
    For,
    Function,
    Handler,
    If,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Spread,
    Template,
    Try,
    While,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.requests.retried_without_key import counts, handed_to_retry
from reviewer.experts.communication.requests.retry_at_once import gives_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAKES: Final = (
    "randomUUID",
    "uuid4",
    "uuid1",
    "uuid7",
    "uuidv4",
    "uuid",
    "v4",
    "nanoid",
    "ulid",
    "cuid",
    "token_hex",
    "token_urlsafe",
    "randomBytes",
    "createId",
)
_KEYS: Final = frozenset(
    "key id idempotency idempotent dedupe dedup deduplication nonce token requestid txid transaction reference".split()
)
"""Words of a field by which the other side knows a request again."""
_NO_KEYS: Final = frozenset(
    "trace span correlation attempt session boundary file path tmp temp log socket connection client device".split()
)
"""Words of what is meant to be another one each time."""
_RETRY: Final = frozenset("retry retries retrying retryable backoff retriable".split())
_SEEN_THROUGH: Final = Member | Object | Array | Await | Cast | Spread | Template
_PLAIN: Final = frozenset("str String toString replace hex slice dict dumps stringify substring".split())
_MOST: Final = 20


@module_check("COM100", words={"uuid", "uuid4", "nanoid", "ulid", "hex", "token", "bytes", "v4", "cuid", "random"})
def key_per_attempt(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each key that is made of chance for whether it stands where something is tried again."""
    if module.is_test:
        return
    told: set[int] = set()
    for call in module.calls(_MAKES):
        function = function_of(call)
        name, goes = _goes(call)
        if function is None or goes is None or not set(words(name)) & _KEYS or set(words(name)) & _NO_KEYS:
            continue
        if not _is_sent(function, goes):
            continue
        place, again = _tried_again(module, function, goes, 0)
        if again is None or id(again) in told:
            continue
        told.add(id(again))
        sure = set(words(name)) & (_KEYS - {"id", "token"}) or len(words(name)) > 1
        yield Match(
            place,
            f"'{name}' is another one at each attempt: where only the answer was lost, the other side takes the next "
            "attempt for a new request, and does it twice.",
            related=((again, "tried again here"),),
            fix="Make the key once, before the first attempt, and send the same with each.",
            confidence=Confidence.LIKELY if sure else Confidence.POSSIBLE,
        )


def _goes(call: Call) -> tuple[str, Expr | None]:
    """Return the name that a made key gets: of a field, an argument or a variable."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Object):
            key = next((key for key, value in around.entries if value is inner), None)
            return (str(key.value), call) if isinstance(key, Literal) else ("", None)
        if isinstance(around, Assign):
            target = around.target
            named = target.id if isinstance(target, Name) else target.name if isinstance(target, Member) else ""
            index = getattr(target, "key", None)
            return (str(index.value) if isinstance(index, Literal) else named), around
        if isinstance(around, Call):
            named = next((key for key, value in around.keywords.items() if value is inner), "")
            if named:
                return named, call
            if inner is around.callee or around.name in _PLAIN:
                inner = around
                continue
            return "", None
        if not isinstance(around, _SEEN_THROUGH):
            return "", None
        inner = around
    return "", None


def _is_sent(function: Function, goes: Expr) -> bool:
    """Tell whether a key goes into a call, or into what a function gives back."""
    held: Node = goes
    if isinstance(goes, Assign) and isinstance(goes.target, Name):
        name = goes.target.id
        return any(
            use.id == name and use is not goes.target and _is_handed(use)
            for use in find(function.body, Name)
            if use.start > goes.start
        )
    return isinstance(goes, Assign) or _is_handed(held)


def _is_handed(node: Node) -> bool:
    for around in ancestors(node):
        if isinstance(around, Call | Return):
            return True
        if isinstance(around, Assign):
            return isinstance(around.target, Name)
        if isinstance(around, Function):
            return False
    return False


def _tried_again(module: Module, function: Function, node: Expr, depth: int) -> tuple[Node, Node | None]:
    """Return where a key is asked for, and what runs that once more: a loop, a helper, the function itself."""
    loop = enclosing_loop(node)
    if loop is not None and _goes_round(loop, node):
        return node, loop
    if any(set(words(module.text_of(one))) & _RETRY for one in function.decorators):
        return node, function.decorators[0]
    if handed_to_retry(node):
        return node, node
    itself = next((one for one in calls_in(function.body) if _is_itself(module, function, one)), None)
    if itself is not None:
        return node, itself
    if depth > 1 or not function.name:
        return node, None
    for other in list(module.calls((function.name,)))[:_MOST]:
        around = function_of(other)
        if around is None or around is function or definition(module, other.callee) is not function:
            continue
        place, found = _tried_again(module, around, other, depth + 1)
        if found is not None:
            return place, found
    return node, None


def _goes_round(loop: For | While, node: Node) -> bool:
    """Tell whether a loop tries the same again when it has failed, and gives up or is done at some time."""
    if isinstance(loop, For) and loop.style == "of" and not counts(loop):
        return False
    guards = [one for one in find(loop.body, Try, into_functions=False) if one.handlers]
    tried = any(inside(node, statement) for one in guards for statement in one.body)
    if not tried and not _stands_before(guards, node):
        return False
    return any(not all(gives_up(handler) for handler in one.handlers) for one in guards) or any(
        _sometimes(handler) for one in guards for handler in one.handlers
    )


def _stands_before(guards: list[Try], node: Node) -> bool:
    return any(node.start < one.start for one in guards)


def _sometimes(handler: Handler) -> bool:
    return any(isinstance(one, If) for one in handler.body)


def _is_itself(module: Module, function: Function, call: Call) -> bool:
    """Tell whether a function calls itself after a failure."""
    if definition(module, call.callee) is not function:
        return False
    if in_handler(call) is not None:
        return True
    return any(isinstance(one, Call) and one.name == "catch" for one in ancestors(call))
