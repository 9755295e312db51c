"""SEC018: data of the caller is laid over the host's fields of an audit record."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, enclosing_loop
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Spread,
    strip,
)
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, names_in, uses_of, walk
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, word_set
from reviewer.experts.security.audit.recorded import becomes_record, is_extra, is_kept, is_record
from reviewer.experts.security.audit.stamped import members, members_made, spread_keys, stamped
from reviewer.experts.security.audit.told_members import is_closed, members_told
from reviewer.experts.security.handing.ports import is_port, says_for_whom
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_IDENTITY: Final = PLAIN_GUEST | word_set(
    "plugin_id pluginid app module widget skill bot integration tenant actor user owner subject principal "
    "who caller source origin at time timestamp ts when event type kind action seq sequence id level "
    "severity"
)
_ACTING: Final = frozenset("caller session actor principal identity requester who".split())
"""What is called after whoever acts, as the host knows it."""
_SENDS: Final = frozenset("emit publish broadcast dispatch fire announce post".split())
_MEMBER: Final = regex(r"(\w+)\??\s*:")
_TAKES: Final = frozenset({"items", "entries", "pop", "get", "copy"})
"""Calls that give what their receiver holds."""
_ASKED: Final = (("options",), ("opts",), ("config",), ("settings",), ("overrides",), ("defaults",))
"""Last words of what says how something is made: no payload."""
_FORM: Final = frozenset({"level", "format", "severity"})
_LAYS: Final = frozenset({"assign", "update", "ChainMap", "dict", "merge", "extend"})
"""Calls that lay one record over another; in a ``ChainMap`` the first one counts."""


@module_check(
    "SEC018", words=AUDITS | _ACTING | {"log", "logger", "records", "history", "now", "iso", "isoformat", "time"}
)
def audit_overwritten(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find spreads, ``assign`` and ``update`` of given data after the host's own fields."""
    if module.is_test:
        return
    for node in module.some(Object, Array, Call, Binary, Assign):
        if isinstance(node, Object):
            yield from _of_object(module, node)
        elif isinstance(node, Array):
            yield from _of_pairs(module, node)
        elif isinstance(node, Call) and node.name in _LAYS:
            yield from _of_call(module, node)
        elif isinstance(node, Assign):
            yield from _of_assign(module, node)
        elif isinstance(node, Binary) and node.op == "|":
            yield from _laid_over(module, node, node.left, node.right)


def _of_object(module: Module, node: Object) -> Iterator[Match]:
    before: list[str] = []
    known: list[str] = []
    acting: list[str] = []
    copied: list[str] = []
    for key, value in node.entries:
        if key is not None:
            if isinstance(key, Literal):
                before.append(str(key.value))
                if _is_known_id(value) or _is_of_port(module, node, value):
                    known.append(str(key.value))
                if _says_who(value):
                    acting.append(str(key.value))
            continue
        laid = module.scopes.origin(value)
        if isinstance(laid, Call) and (told := members(module, laid)) and laid.name in ("asdict", "vars"):
            before.extend(told)
            continue
        if isinstance(laid, Object) and not laid.spreads:
            before.extend(laid.keys)  # the host's own record, copied
            copied.extend(stamped(module, laid) or _bound_outside(node, laid))
            continue
        own = strip(value.value) if isinstance(value, Spread) else strip(value)
        if is_this_member(own) and is_extra(node):
            known.append(module.text_of(own))  # {**self.extra, **kwargs["extra"]} of an adapter
            continue
        if is_record(node):
            fields = list(dict.fromkeys([*_host_fields(before), *known, *acting, *(before if is_kept(node) else ())]))
        else:
            fields = acting if _is_sent(node) else copied or _stamped_before(module, node, before)
        if not fields or not _given(module, value):
            continue
        position = [k for k, _v in node.entries].index(None)
        later = {str(k.value) for k, _v in node.entries[position:] if isinstance(k, Literal)}
        lost = [name for name in fields if name not in later and not _taken_apart(module, value, name)]
        if lost and not _says_how(value, lost):
            yield _match(module, value, lost)
            return


def _says_how(value: Expr, lost: list[str]) -> bool:
    """Tell whether options say how something is told, and nothing of whom it is about: ``{ level, ...options }``."""
    laid = strip(value.value) if isinstance(value, Spread) else strip(value)
    return last_words(laid)[-1:] in _ASKED and set(lost) <= _FORM


def _stamped_before(module: Module, node: Object, before: list[str]) -> list[str]:
    """Return what says when and who in a line of a trail, where it stands before what is laid over it."""
    return [name for name in stamped(module, node) if name in before]


def _of_pairs(module: Module, node: Array) -> Iterator[Match]:
    """Look at ``new Map([["plugin", id], …Object.entries(details)])``: the last pair of a name counts."""
    before: list[str] = []
    for item in node.items:
        if isinstance(item, Spread):
            inner = strip(item.value)
            fields = _host_fields(before)
            entries = isinstance(inner, Call) and inner.name in ("entries", "items")
            if fields and entries and _given(module, inner) and is_record(node):
                yield _match(module, inner, fields)
                return
            continue
        pair = strip(item)
        key = strip(pair.items[0]) if isinstance(pair, Array) and len(pair.items) == 2 else None
        if not isinstance(key, Literal) or not isinstance(key.value, str):
            return
        before.append(key.value)


def _taken_apart(module: Module, value: Expr, name: str) -> bool:
    """Tell whether what is given can't hold a name.

    ``**details`` can't where the function has a parameter of that name, and a record of a helper where no call of the
    helper writes such a member.
    """
    told = members_told(module, value)
    if told is not None:
        return name not in told
    rest = module.scopes.origin(value)
    function = rest.parent if isinstance(rest, Param) and rest.rest else None
    return isinstance(function, Function) and any(param.name == name for param in function.params)


def _of_call(module: Module, call: Call) -> Iterator[Match]:
    args = list(call.args)
    if call.name == "ChainMap":
        args.reverse()
    given = args[-1] if args else None
    if isinstance(given, Spread) and call.name == "dict":
        given = given.value
    if given is None or (call.name == "dict" and len(args) < 2):
        return
    under: list[Expr | None] = [call.receiver] if call.name == "update" else [*args[:-1]]
    yield from islice((match for base in under for match in _laid_over(module, call, base, given)), 1)


def _of_assign(module: Module, assign: Assign) -> Iterator[Match]:
    """Look at ``entry |= given``, and at ``entry[key] = value`` in a loop over what is given."""
    if assign.op == "|=" and assign.value is not None:
        yield from _laid_over(module, assign, assign.target, assign.value)
    elif isinstance(assign.target, Index) and isinstance(assign.target.key, Name):
        loop = enclosing_loop(assign)
        each = _each_given(assign)
        if each is not None and not _keeps_out(assign):
            call, given = each
            base = call.arg(1) if call.name == "reduce" else assign.target.object
            yield from (Match(assign, one.message) for one in _laid_over(module, call, base, given))
            return
        over = strip(loop.iterable) if isinstance(loop, For) and loop.iterable is not None else None
        keys = {n.id for n in walk(loop.target) if isinstance(n, Name)} if isinstance(loop, For) and loop.target else {}
        if over is None or assign.target.key.id not in keys:
            return
        if isinstance(over, Call) and over.name in ("items", "entries"):
            over = over.args[0] if over.args else over.receiver
        if over is not None and not _keeps_out(assign):
            for match in _laid_over(module, assign, assign.target.object, over):
                yield Match(assign, match.message)


def _each_given(assign: Assign) -> tuple[Call, Expr] | None:
    """Return what is given where each pair of it is put in: ``Object.entries(extra).forEach(([name, value]) => …)``."""
    each = function_of(assign)
    call = each.parent if each is not None else None
    pairs = strip(call.receiver) if isinstance(call, Call) and call.receiver is not None else None
    key = assign.target.key if isinstance(assign.target, Index) else None
    if (
        not isinstance(call, Call)
        or call.name not in ("forEach", "reduce")
        or each is None
        or not isinstance(pairs, Call)
    ):
        return None
    pair = each.params[1:2] if call.name == "reduce" else each.params[:1]
    named = [*pair[0].fields.values(), pair[0].name] if pair else []
    if pairs.name not in ("entries", "keys") or not pairs.args or not isinstance(key, Name) or key.id not in named:
        return None
    return call, pairs.args[0]


def _keeps_out(assign: Assign) -> bool:
    """Tell whether a condition decides which keys are taken over."""
    key = assign.target.key if isinstance(assign.target, Index) else None
    return isinstance(key, Name) and any(key.id in names_in(c.test) for c in conditions(assign))


def _laid_over(module: Module, at: Node, base: Expr | None, given: Expr) -> Iterator[Match]:
    made = strip(base) if base is not None else None
    if isinstance(made, Name):
        made = next(
            (b.value for b in module.scopes.lookup(made.id, made) if isinstance(b, Assign) and b.op == "="), None
        )
        made = strip(made) if made is not None else None
    keys = [*made.keys, *spread_keys(module, made)] if isinstance(made, Object) else _typed_keys(module, base)
    if isinstance(made, Call) and made.name in ("asdict", "vars", "dict", "copy", "_asdict"):
        keys = members(module, made)
    if isinstance(made, Call) and made.name == "dict" and made.receiver is None:
        keys = list(made.keywords)
    if isinstance(made, Call) and made.new:
        keys = members_made(module, made)
    if not _given(module, given):
        return
    line = stamped(module, made) if isinstance(made, Object) else []
    for spread in made.spreads if isinstance(made, Object) and not line else ():
        own = module.scopes.origin(spread)
        line = line or (_bound_outside(at, own) if isinstance(own, Object) else [])
    known = line or (_host_fields(keys) if is_record(at) or _is_handed_to_trail(module, base) else [])
    if not known and isinstance(made, Object) and _is_sent_later(module, base):
        known = [str(key.value) for key, value in made.entries if isinstance(key, Literal) and _says_who(value)]
    lost = [name for name in known if not _taken_apart(module, given, name)]
    if lost:
        yield _match(module, given, lost)


def _bound_outside(at: Node, own: Object) -> list[str]:
    """Return what a record of a function around says of the one for whom that was called: ``{ plugin: plugin.id }``."""
    home = function_of(own)
    if home is None or home is function_of(at):
        return []
    told = [str(key.value) for key, value in own.entries if isinstance(key, Literal) and _is_known_id(value)]
    return [name for name in told if set(words(name)) & (PLAIN_GUEST | {"tenant", "source", "module", "app"})]


def _is_handed_to_trail(module: Module, base: Expr | None) -> bool:
    """Tell whether what is laid over is a variable that is handed to a trail afterwards."""
    name = strip(base) if base is not None else None
    bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
    kept = bound[0] if len(bound) == 1 else None
    return isinstance(kept, Assign) and isinstance(name, Name) and becomes_record(kept, name.id)


def _is_sent_later(module: Module, base: Expr | None) -> bool:
    """Tell whether what is laid over is a variable that is sent as an event afterwards."""
    name = strip(base) if base is not None else None
    function = function_of(name) if isinstance(name, Name) else None
    if function is None or not isinstance(name, Name) or _sends(function.name):
        return False
    uses = (use.parent for use in uses_of(name.id, function))
    return any(isinstance(one, Call) and one.receiver is not None and _sends(one.name) for one in uses)


def _typed_keys(module: Module, base: Expr | None) -> list[str]:
    """Return the members of a parameter whose type is written out: ``entry: { plugin: string; action: string }``."""
    made = module.scopes.origin(base) if base is not None else None
    typed = made.type.strip() if isinstance(made, Param) else ""
    return [name for name in _MEMBER.findall(typed[:400]) if name] if typed.startswith("{") else []


def _match(module: Module, given: Expr, fields: list[str]) -> Match:
    names = ", ".join(f"'{name}'" for name in fields[:3])
    return Match(
        given,
        f"'{short(module.text_of(given))}' is laid over the host's fields: a payload with {names} replaces them "
        "in the record.",
        confidence=Confidence.POSSIBLE if is_closed(module, given, fields) else None,
    )


def _is_known_id(value: Expr) -> bool:
    """Tell whether a value is the id of something that the host holds: ``card.id``."""
    value = strip(value)
    if isinstance(value, Call):  # what a variable of the running task holds
        return value.name == "get" and not value.args and isinstance(value.receiver, Name)
    return isinstance(value, Member) and value.name in ("id", "slug", "pluginId", "plugin_id", "handle")


def _is_of_port(module: Module, record: Object, value: Expr) -> bool:
    """Tell whether a field of a record says for whom the port was made whose member writes it."""
    function = function_of(record)
    return (
        function is not None
        and bool(record.spreads)
        and is_record(record)
        and says_for_whom(module, function, value)
        and is_port(module, function)
    )


def _says_who(value: Expr) -> bool:
    """Tell whether a value is what is known of whoever acts: ``caller.user``, ``this.session.team``."""
    value = strip(value)
    return isinstance(value, Member) and bool(path_words(value.object) & _ACTING)


def _is_sent(node: Node) -> bool:
    """Tell whether a record is what a call sends as an event; functions that are called so are somebody else's bus."""
    call = node.parent
    if not isinstance(call, Call) or call.receiver is None or not _sends(call.name):
        return False
    function = function_of(node)
    return len(call.args) > 1 and call.args[0] is not node and (function is None or not _sends(function.name))


def _sends(name: str) -> bool:
    return bool(set(words(name)[:1]) & _SENDS)


def _host_fields(keys: list[str]) -> list[str]:
    return [
        key
        for key in keys
        if key.lower() in _IDENTITY or set(words(key)) & (_IDENTITY - {"type", "kind", "level", "id"})
    ]


def _given(module: Module, expr: Expr) -> bool:
    """Tell whether a value comes from a parameter of the function, as it is or through one call."""
    expr = strip(expr)
    if isinstance(expr, Binary) and expr.op in ("or", "??"):
        return _given(module, expr.left)
    if isinstance(expr, Comprehension):
        return _keeps_keys(expr) and any(_given(module, over) for _target, over in expr.clauses)
    if isinstance(expr, Call):
        taken = [expr.receiver] if expr.name in _TAKES and expr.receiver is not None else []
        return any(_given(module, arg) for arg in (*expr.args[:2], *taken))
    if isinstance(expr, Member):
        return _given(module, expr.object)
    if isinstance(expr, Name):
        origin = module.scopes.origin(expr)
        made = (
            isinstance(origin, Call) and origin.receiver is None and any(_given(module, arg) for arg in origin.args[:1])
        )
        fallback = isinstance(origin, Binary) and origin.op in ("or", "??")  # kwargs.get("extra") or {}
        from_here = isinstance(origin, Member) or fallback
        return made or isinstance(origin, Param) or (from_here and isinstance(origin, Expr) and _given(module, origin))
    return False


def _keeps_keys(each: Comprehension) -> bool:
    """Tell whether what is made one by one has the keys of what it is made of, all of them."""
    pair = strip(each.element)
    first = pair.items[0] if isinstance(pair, Array) and pair.items else None
    first = pair.entries[0][0] if isinstance(pair, Object) and pair.entries else first
    key = strip(first) if first is not None else None
    taken = {name.id for target, _over in each.clauses for name in walk(target) if isinstance(name, Name)}
    return not each.tests and isinstance(key, Name) and key.id in taken
