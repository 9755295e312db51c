"""What a sender says, put in the place of what the host knows of who sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    Member,
    Name,
    Param,
    Statement,
    strip,
)
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.values.access import parsed_in, path_of, step
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.security.vocabulary import IDENTITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

KNOWN: Final = word_set(
    "session auth authentication principal context ctx locals state verified claims jwt connection conn socket port "
    "peer channel pipe link wire credentials login bound self this"
)
"""Words of what the host has found out by itself."""
PARTS: Final = word_set("body query headers header json args form payload data params values cookies")
"""Words of what a sender fills in."""
_DEFAULTS: Final = frozenset({"default", "defaults", "config", "configuration", "settings", "options"})
"""Words of what says what is taken where nothing else is wished."""
_SENT: Final = frozenset({"body", "headers", "query"})
"""Those of them that nothing but a request has."""
_CARRIES: Final = _SENT | {"message", "msg", "payload", "frame", "envelope", "packet", "request", "req"}
"""What carries fields of the sender's choosing, by the name of a parameter."""
_IDS: Final = frozenset({"id", "name", "key", "slug", "uid"})
_ACTS: Final = PLAIN_GUEST | word_set("caller actor sender principal subject source guest plugin module requester")
"""Words of a parameter by which a function is told who acts."""
_STEPS: Final = 6
_CHOSEN: Final = word_set(
    "locale lang language theme timezone tz zone currency page limit size sort order format view mode title path url "
    "redirect next state nonce version filter query search date day month year"
)
"""Last words of what anybody may choose, and the session only remembers."""


def replaced(module: Module) -> Iterator[tuple[Expr, Expr]]:
    """Yield what a field of a request says and what a token or a session says of the same thing, which it replaces.

    ``req.body.guide ?? session.guide``, ``body.get("guide", session.guide)``, ``{ guide = session.guide } = body``.
    """
    for node in module.some(Binary, Conditional, Call, Assign):
        for said, known in _choices(node):
            if _replaces(module, said, known) or (
                _names_another(module, said, known) and _is_asked_about(module, node)
            ):
                yield said, known
        if isinstance(node, Assign) and isinstance(node.target, Name) and node.value is not None:
            for known in _given_before(module, node, node.target):
                if _names_another(module, node.value, known) and _is_asked_about(module, node):
                    yield node.value, known


def _choices(node: object) -> Iterator[tuple[Expr, Expr]]:
    """Yield what comes first and what stands in for it."""
    if isinstance(node, Binary) and node.op in ("??", "or"):
        yield node.left, node.right
    elif isinstance(node, Conditional):
        yield node.then, node.other
        yield node.other, node.then
    elif isinstance(node, Call) and node.name == "get" and len(node.args) == 2:
        yield node, node.args[1]
    elif isinstance(node, Assign) and node.default is not None and node.value is not None:
        yield node.value, node.default


def _replaces(module: Module, said: Expr, known: Expr) -> bool:
    known = strip(known)
    if not isinstance(known, Member | Call):
        return False
    names = path_of(module, said)[1]
    asked = words(names[-1]) if names else ()
    carried = {word for name in names[:-1] for word in words(name)}
    if (
        not (carried & PARTS or is_parsed(module, said))
        or carried & (KNOWN - {"context", "ctx", "self", "this"})
        or set(asked[-1:]) & _CHOSEN
        or asked[-2:] == ("request", "id")  # names a message, and nobody
    ):
        return False
    if isinstance(known, Member):
        if path_words(known.object) & _DEFAULTS:
            return False  # what is taken where nothing else is wished
        kept = words(known.name)
        if is_this_member(known) and not set(asked) & IDENTITIES:
            return False  # what an object remembers of what it was told last: ``message.volume ?? this.volume``
        alike = asked[-len(kept) :] == kept and bool(path_words(known.object) & KNOWN)
        return alike and (bool(carried & _SENT) or is_sent(module, said))
    if known.receiver is None or words(known.name)[: len(asked)] != asked:
        return False
    by_host = bool(path_words(known.receiver) & (KNOWN | {"token", "tokens", "sessions"}))
    return by_host and (bool(carried & _SENT) or is_sent(module, said))


def _given_before(module: Module, node: Assign, target: Name) -> Iterator[Expr]:
    """Yield what a variable was given in the same function before it is given something else where a test holds."""
    for one in module.scopes.lookup(target.id, target):
        before = isinstance(one, Assign) and one is not node and one.raw.end_byte <= node.raw.start_byte
        if isinstance(one, Assign) and before and one.value is not None and function_of(one) is function_of(node):
            yield one.value


def _names_another(module: Module, said: Expr, known: Expr) -> bool:
    """Tell whether a field of a body says who it is, where the session has a record of it: ``session.guide.id``."""
    known, said = strip(known), unwrapped(said)
    if not isinstance(known, Member):
        return False
    record = strip(known.object)
    kept = words(record.name) if known.name in _IDS and isinstance(record, Member) else words(known.name)
    holder = record.object if known.name in _IDS and isinstance(record, Member) else known.object
    root, names = path_of(module, said)
    knows = next(iter(find(known, Name)), known)
    if any(module.text_of(one) == module.text_of(knows) for c in conditions(said) for one in find(c.test, Name)):
        return False  # who may act for another is asked first: ``session.steward && body.guide``
    if not names or not isinstance(root, Param) or not path_words(holder) & KNOWN - {"self", "this"}:
        return False
    carried = {word for name in (root.name, *names[:-1]) for word in words(name)}
    kept = kept[:-1] if len(kept) > 1 and kept[-1] in _IDS else kept
    asked = words(names[-1])
    asked = asked[:-1] if len(asked) > 1 and asked[-1] in _IDS else asked
    return (
        asked == kept
        and (bool(carried & _CARRIES) or is_parsed(module, said))
        and not carried & (KNOWN - {"context", "ctx", "self", "this"})
    )


def unwrapped(expr: Expr) -> Expr:
    """Return what ``str(…)`` or ``String(…)`` is made of."""
    expr = strip(expr)
    while isinstance(expr, Call) and expr.name in ("str", "String") and len(expr.args) == 1 and expr.receiver is None:
        expr = strip(expr.args[0])
    return expr


def _is_asked_about(module: Module, choice: Node) -> bool:
    """Tell whether what was chosen is asked about: a check is told of it."""
    around: Node | None = choice
    while around is not None and not isinstance(around, Assign | Statement | Function):
        if isinstance(around, Call) and around is not choice and is_check(module, around):
            return True
        around = around.parent
    function = function_of(choice)
    if not isinstance(around, Assign) or not isinstance(around.target, Name) or function is None:
        return False
    return any(
        is_check(module, call) or _acts_for(module, call, place)
        for call in find(function.body, Call)
        for place, arg in enumerate(call.args)
        if isinstance(given := strip(arg), Name) and given.id == around.target.id
    )


def _acts_for(module: Module, call: Call, place: int) -> bool:
    """Tell whether a function of the subject is told by an argument who acts: ``this.order(caller, …)``."""
    target = callee(module, call)
    told = target.params[place] if target is not None and place < len(target.params) else None
    if target is None or told is None:
        return False
    if _ACTS & set(words(told.name)):
        return True
    return any(
        is_check(target.module, one)
        and any(isinstance(given := strip(arg), Name) and given.id == told.name for arg in one.args)
        for one in find(target.body, Call)
    )


def is_sent(module: Module, expr: Expr) -> bool:
    """Tell whether a value comes from a request or a message."""
    return bool(trace(module, expr).kinds() & {"request", "message"})


def is_parsed(module: Module, arg: Expr) -> bool:
    """Tell whether a value is taken out of a text that was parsed in the same file."""
    expr: object = strip(arg)
    for _ in range(_STEPS):
        if isinstance(expr, Call) and parsed_in(module, expr) is not None:
            return True
        found = step(expr) if isinstance(expr, Expr) else None
        if found is not None:
            expr = strip(found[0])
        elif isinstance(expr, Name):
            expr = module.scopes.origin(expr)
        else:
            return False
    return False
