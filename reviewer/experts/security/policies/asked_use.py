"""What becomes of what a plugin asks for: stored as a grant, taken as the answer of a check, or neither."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TypeGuard

from msgspec import Struct

from reviewer.code.reach.links import callee
from reviewer.code.reach.records import given_fields, record_class
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Class,
    Comprehension,
    Conditional,
    Expr,
    ExprStatement,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Spread,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.text.ideas import GIVEN
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of, names_in, walk
from reviewer.code.walk import uses_of as uses_of_name
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.asked import asked
from reviewer.experts.security.deciding.asked_to_refuse import answer_uses, says_refused
from reviewer.experts.security.deciding.decisions import is_decision, is_guard_function
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.policies.looked_up import asked_there, refuses_by

if TYPE_CHECKING:
    from reviewer.code.module import Module

_GRANTS: Final = GIVEN | word_set(
    "grant granted granting rights sheet sheets policy policies acl acls allowed allowlist effective "
    "permitted authorized authorised"
)
"""Names of what holds the rights that are enforced."""
_WEAK: Final = word_set("permission permissions perms scopes capabilities access")
"""Names that hold either what is asked for or what is granted."""
_ENFORCERS: Final = word_set(
    "guard gate checker broker enforcer sandbox policy acl authorizer grants access control book"
)
"""Last words of a class that enforces what it is given."""
_MEMBERSHIP: Final = frozenset("includes has some find indexOf get hasOwn hasOwnProperty any".split())
_SERVICES: Final = word_set("services service apis providers factories modules features host kernel core")
"""Words for the table of all that a host can hand out."""
_MOST: Final = 8
_DEEPEST: Final = 12
_KEPT: Final = 2
"""Names under which an answer is kept, one after the other, before it decides."""
_DECLARING: Final = word_set("declare declared declares manifest descriptor ask asked asks request requested requires")
"""Words of an error that tells an author what is missing in the manifest."""
_WISHES: Final = word_set("declared declares requested requests asked asks wants wanted")


class Use(Struct, frozen=True):
    """One deciding use: ``at`` is the node that decides, ``said`` what the message says of it."""

    at: Node
    said: str
    function: Function | None
    stores: bool
    names: tuple[Node, ...] = ()
    """Names that only say where it, or the answer, is kept."""


def uses_of(module: Module, expr: Expr) -> Iterator[Use]:
    """Yield the deciding uses of an expression, and of the names that hold it."""
    yield from _uses(module, expr, 0)


def _uses(module: Module, expr: Expr, depth: int) -> Iterator[Use]:
    if depth > _MOST:
        return
    inner: Node = expr
    around = expr.parent
    for _ in range(_DEEPEST):
        if around is None:
            return
        if isinstance(around, Assign) and inner is around.value:
            yield from _assigned(module, around, depth)
            return
        if isinstance(around, Call) and inner is not around.callee:
            found = _handed_over(module, around, inner)
            if found is not None:
                yield found
                return
            yield from _taken_in(module, around, inner, depth)
        member = _membership(around, inner)
        if member is not None:
            found = _decides(member)
            if found is not None:
                yield found
            return
        if isinstance(around, Object):
            yield from _entry(module, around, inner)
            return
        given = _given_for_each(around, inner)
        if given is not None:
            yield Use(given, "services are handed out by it", function_of(given), False)
            return
        if not _hands_on(module, around, inner):
            return
        inner, around = around, around.parent


def _given_for_each(around: Node, inner: Node) -> Expr | None:
    """Return where each thing asked for becomes the service of that name: ``api[name] = services[name]`` in a loop."""
    called = around.parent if isinstance(around, Member) else None
    by = called.args[0] if isinstance(called, Call) and called.callee is around and called.args else None
    targets: list[Node] = []
    body: list[Node] = []
    if isinstance(around, For) and around.iterable is inner and around.target is not None:
        targets, body = [around.target], list(around.body)
    elif isinstance(around, Comprehension) and around.clauses[0][1] is inner:
        targets, body = [around.clauses[0][0]], [around.element]
    elif isinstance(by, Function) and isinstance(around, Member) and around.name in ("forEach", "map", "reduce"):
        names = {param.name for param in by.params}
        return next((part for part in walk(by.body) if _is_service_named(part, names)), None)
    else:
        return None
    names = {name.id for target in targets for name in walk(target) if isinstance(name, Name)}
    return next((part for part in walk(body) if _is_service_named(part, names)), None)


def _is_service_named(part: Node, names: set[str]) -> TypeGuard[Index]:
    """Tell whether an expression takes the service out of a table of all, by one of these names."""
    if not isinstance(part, Index) or not isinstance(part.key, Name) or part.key.id not in names:
        return False
    kept = part.parent
    if isinstance(kept, Assign) and kept.target is part:
        return False
    if isinstance(kept, Call) and kept.callee is part:
        kept = kept.parent
    given = isinstance(kept, Assign | Object | Comprehension) or (isinstance(kept, Array) and len(kept.items) == 2)
    return given and bool(path_words(part.object) & _SERVICES)


def _hands_on(module: Module, around: Node, inner: Node) -> bool:
    """Tell whether a node is a copy of what stands in it."""
    if isinstance(around, Cast | Await | Spread | Array):
        return True
    if isinstance(around, Member) and isinstance(around.parent, Call) and around.parent.callee is around:
        return True
    return (
        isinstance(around, Binary | Call) and asked(module, around) is not None and asked(module, around) is not around
    )


def _assigned(module: Module, assign: Assign, depth: int) -> Iterator[Use]:
    target = strip(assign.target)
    if isinstance(target, Member | Index):
        if _keeps_grants(target):
            names = tuple(part for part in walk(target) if isinstance(part, Member))
            yield Use(assign, "it is stored as what is granted", function_of(assign), True, names)
        return
    if not isinstance(target, Name):
        return
    if set(words(target.id)) & {"granted", "grants", "effective"}:
        yield Use(assign, "it becomes what is granted", function_of(assign), True, (target,))
        return
    function = function_of(assign)
    body = function.body if function is not None else module.body
    count = 0
    for node in walk(body):
        if isinstance(node, Name) and node.id == target.id and node is not target:
            count += 1
            if count > _MOST:
                return
            yield from _uses(module, node, depth + 1)


def _keeps_grants(target: Node) -> bool:
    named = path_words(target)
    if named & _GRANTS:
        return True
    cls = class_of(target)
    if cls is None:
        return False
    return bool(named & _WEAK and set(words(cls.name)) & (_GRANTS | _ENFORCERS)) or asked_there(cls, target)


def _handed_over(module: Module, call: Call, inner: Node) -> Use | None:
    if call.name in ("set", "add", "setdefault", "push", "append", "update") and call.receiver is not None:
        if _keeps_grants(call.receiver) and len(call.args) <= 2:
            names = tuple(part for part in walk(call.receiver) if isinstance(part, Member))
            return Use(call, "it is stored as what is granted", function_of(call), True, names)
        return None
    said = words(call.name)
    if said and call.name[:1].isupper() and said[-1] in _ENFORCERS and _alone(call):
        return Use(call, f"'{call.name}' enforces it", function_of(call), True)
    for key, value in call.keywords.items():
        if value is inner and set(words(key)) & {"granted", "grants", "rights", "allowed"}:
            return Use(call, f"it is handed over as '{key}'", function_of(call), True)
    if inner in call.args:
        target = callee(module, call)
        position = call.args.index(inner)
        if target is not None and position < len(target.params):
            name = target.params[position].name
            if set(words(name)) & {"granted", "grants"} or _enforces(target.owner, name):
                return Use(call, f"it is handed over as '{name}'", function_of(call), True)
    for name, value in given_fields(module, call):
        if value is inner and (_enforces(record_class(module, call), name) or refuses_by(module, name)):
            return Use(call, f"it is handed over as '{name}'", function_of(call), True)
    return None


def _taken_in(module: Module, call: Call, inner: Node, depth: int) -> Iterator[Use]:
    """Yield what a function of the same file does with what a plugin asks for, which it is handed."""
    position = next((place for place, given in enumerate(call.args) if given is inner), -1)
    target = callee(module, call) if position >= 0 else None
    if target is None or target.module is not module or position >= len(target.params) or depth > _MOST - 2:
        return
    for name in uses_of_name(target.params[position].name, target):
        yield from _uses(module, name, depth + 2)


def _enforces(owner: Class | None, name: str) -> bool:
    """Tell whether a class keeps what its making is given as permissions, and decides by it."""
    if owner is None or not set(words(name)) & {"permissions", "scopes", "capabilities", "rights"}:
        return False
    for node in walk(owner):
        if isinstance(node, Member) and is_this_member(node) and set(words(node.name)) & set(words(name)):
            around = node.parent
            if around is not None and _membership(around, node) is not None:
                return True
    return False


def _alone(call: Call) -> bool:
    """Tell whether nothing else that is handed over can narrow what is asked for."""
    given = {word for arg in [*call.args, *call.keywords.values()] for word in path_words(arg)}
    return not given & {"granted", "grants", "consent", "consents", "approved", "store", "policy"}


def _entry(module: Module, holder: Object, inner: Node) -> Iterator[Use]:
    for key, value in holder.entries:
        named = words(str(key.value)) if isinstance(key, Literal) else ()
        held = set(named) & {"granted", "grants", "effective"} or refuses_by(module, "_".join(named))
        if value is inner and held:
            yield Use(holder, f"it is recorded as '{' '.join(named)}'", function_of(holder), True)


def _membership(around: Node, inner: Node) -> Expr | None:
    """Return the expression that asks whether something is among what is asked for."""
    if isinstance(around, Binary) and around.op in ("in", "not in") and inner is around.right:
        return around
    if isinstance(around, Index) and inner is around.object:
        return around
    if isinstance(around, Comprehension) and any(over is inner for _target, over in around.clauses):
        asks = around.parent
        return asks if isinstance(asks, Call) and asks.name == "any" else None
    call = around.parent
    if isinstance(around, Member) and isinstance(call, Call) and call.callee is around and call.args:
        return call if around.name in _MEMBERSHIP else None
    return None


def _decides(member: Expr) -> Use | None:
    """Tell whether a question of membership is the answer of a check, stops a call, or hands out a service."""
    function = function_of(member)
    while function is not None and function.kind == "arrow" and not function.name:
        function = function.outer
    if function is None or set(words(function.name)) & (_WISHES | {"validate", "lint", "problems", "errors"}):
        return None
    return _decided(member, function, isinstance(member, Binary) and member.op == "not in", _KEPT)


def _decided(member: Expr, function: Function, negated: bool, kept: int) -> Use | None:
    """Tell what an answer decides in a function, or the same answer kept under a name."""
    for node, around, no in _upwards(member, negated):
        if isinstance(around, Binary) and around.op == ("or" if no else "and") and _looks_up(around, node):
            return None  # what was asked for is held against what somebody decided
        if isinstance(around, Return):
            if not no and is_decision(function):
                return Use(around, f"'{function.name}' answers from it", function, False)
            return None
        if isinstance(around, Assign) and node is around.value and kept:
            uses = (_decided(one, function, no, kept - 1) for one in answer_uses(around))
            use = next((use for use in uses if use is not None), None)
            return Use(use.at, use.said, use.function, use.stores, (*use.names, around.target)) if use else None
        if isinstance(around, If) and node is around.test:
            refused = no and refuses(around.body)
            if refused and (is_guard_function(function) or _stops(around, function_of(around) or function)):
                return Use(around, f"'{function.name}' refuses only what is not in it", function, False)
            if not no and is_decision(function) and _says_yes(around):
                return Use(around, f"'{function.name}' answers from it", function, False)
            if not no and node is member and _hands_out(around):
                return Use(around, "services are handed out by it", function, False)
            return None
        if isinstance(around, Conditional) and node is around.test and not no:
            withheld = isinstance(strip(around.other), Literal) or is_nothing(around.other)
            return Use(around, "services are handed out by it", function, False) if withheld else None
    return None


def _looks_up(both: Binary, asked_for: Node) -> bool:
    """Tell whether the other side of an ``and`` takes the answer out of a table by what is asked for."""
    other = both.right if asked_for is both.left else both.left
    wanted = {name.id for name in walk(asked_for) if isinstance(name, Name)} - {"this"}
    return any(
        (isinstance(part, Index) and wanted & names_in(part.key))
        or (
            isinstance(part, Call)
            and part.name in (*_MEMBERSHIP, "permits", "allows")
            and any(wanted & names_in(given) for given in part.args)
        )
        for part in walk(other)
    )


def _hands_out(test: If) -> bool:
    """Tell whether all that a branch does is to put a service of the host into what the plugin gets."""
    only = test.body[0] if len(test.body) == 1 else None
    value = strip(only.value) if isinstance(only, ExprStatement) else only
    if not isinstance(value, Assign) or not isinstance(value.target, Member | Index) or value.value is None:
        return False
    given = strip(value.value)
    if isinstance(given, Call) and given.name in ("freeze", "seal") and len(given.args) == 1:
        given = strip(given.args[0])
    if isinstance(given, Object):  # a service that is written out
        return any(isinstance(strip(member), Function) for _key, member in given.entries)
    return isinstance(given, Function) or (
        isinstance(given, Member | Index) and bool(path_words(given.object) & _SERVICES)
    )


def _upwards(member: Expr, negated: bool) -> Iterator[tuple[Node, Node, bool]]:
    """Yield (node, what is around it, whether it is negated) through the condition that a question is part of."""
    node: Node = member
    around = member.parent
    while around is not None:
        yield node, around, negated
        if isinstance(around, Unary) and around.op == "not":
            negated = not negated
        elif isinstance(around, Binary) and around.op in ("!=", "<", "=="):
            other = strip(around.right if node is around.left else around.left)
            if isinstance(other, Literal) and other.value in (False, -1, 0, None):
                negated = negated is (around.op == "!=")
            elif around.op == "!=":
                negated = not negated
        elif not isinstance(around, Binary | Cast | Await | Member | Index | Conditional | Call):
            return
        node, around = around, around.parent


def _stops(test: If, function: Function) -> bool:
    """Tell whether somebody is refused, or a guarded service is kept from working: a validation does neither."""
    last = function.body[-1] if function.body else None
    if last is not None and last is not test:
        works = [part for part in walk(last, into_functions=False) if isinstance(part, Call)]
        if any(call.name not in ("push", "append") for call in works):
            return True
    told = {word for part in find(test.body, Literal) for word in words(str(part.value))}
    return says_refused(test.body) and not told & _DECLARING


def _says_yes(test: If) -> bool:
    return any(
        isinstance(s, Return) and s.value is not None and isinstance(s.value, Literal) and s.value.value is True
        for s in test.body
    )
