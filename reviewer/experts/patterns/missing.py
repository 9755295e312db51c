"""What a kept value depends on and its key does not tell apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Field,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    Template,
    Unary,
    strip,
)
from reviewer.code.walk import class_of, function_of, names_in, walk
from reviewer.experts.lifecycle.bringing.brought import is_brought
from reviewer.experts.lifecycle.hooks.hooks import hooks_of
from reviewer.experts.lifecycle.values import root_name
from reviewer.experts.patterns.asking import LONGEST, asks_for, takes_out
from reviewer.experts.patterns.feeds import Feed, covered, feeds
from reviewer.experts.patterns.filling import filled_with
from reviewer.experts.patterns.inner_memos import taken_out
from reviewer.experts.patterns.memos import Memo, made_here
from reviewer.experts.patterns.sharing import of_the_class
from reviewer.experts.patterns.vocabulary import INSTANCES, SHARED_CODE, UNIQUE_KEYS, last_spelled, spelled

_MOST_CALLERS = 12
"""Calls of one function that are looked at."""

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Table


def missing(module: Module, memo: Memo) -> list[Feed]:
    """Return what the value of a memo depends on, outlives the question, and is no part of the key."""
    if isinstance(strip(memo.value), Literal):
        return []
    key = feeds(module, memo.key, *taken_out(module, memo)) | _told_by_callers(module, memo)
    value = feeds(module, memo.value)
    return [
        feed for feed in value if counts(module, memo, feed) and not covered(feed, key) and not _keeps_apart(memo, feed)
    ]


def _keeps_apart(memo: Memo, feed: Feed) -> bool:
    """Tell whether something keeps in itself what depends on it, or what is kept is a table with an entry for each.

    ``pack.modules.set(name, load(pack.major))``, ``byKind.set(kind, new Map([[owner, made]]))``
    """
    holder = strip(memo.holder) if memo.holder is not None else None
    if isinstance(holder, Member):
        while isinstance(holder, Member):
            holder = strip(holder.object)
        if isinstance(holder, Name) and holder.id == feed.local and isinstance(feed.root, Param):
            return True
    value = strip(memo.value)
    bound = memo.function.module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    made = [value, *(strip(one.value) for one in bound if isinstance(one, Assign) and one.value is not None)]
    rows = [strip(one.args[0]) for one in made if isinstance(one, Call) and one.name == "Map" and one.args]
    pairs = [strip(row) for table in rows if isinstance(table, Array) for row in table.items]
    return any(isinstance(pair, Array) and feed.local in names_in(pair.items[:1]) for pair in pairs)


def _told_by_callers(module: Module, memo: Memo) -> dict[Feed, Node]:
    """Return the parameters that a key which is handed in tells apart, because every caller makes it of them, too."""
    key, params = strip(memo.key), memo.function.params
    bound = module.scopes.lookup(key.id, key) if isinstance(key, Name) and memo.function.name else []
    if len(bound) != 1 or not any(bound[0] is param for param in params):
        return {}
    calls = [c for c in module.calls((memo.function.name,)) if definition(module, c.callee) is memo.function]
    place = next(at for at, param in enumerate(params) if param is bound[0])
    keys = [feeds(module, call.arg(place, params[place].name)) for call in calls[:_MOST_CALLERS]]
    told: dict[Feed, Node] = {}
    for at, param in enumerate(params):
        given = [feeds(module, call.arg(at, param.name)) for call in calls[:_MOST_CALLERS]]
        if given and all(one and all(covered(feed, own) for feed in one) for one, own in zip(given, keys, strict=True)):
            told[Feed(param, param.name, ())] = memo.key
    return told


def counts(module: Module, memo: Memo, feed: Feed) -> bool:
    """Tell whether a value can be another one at the next question to the same collection."""
    if isinstance(feed.root, Param):
        owner = feed.root.parent
        return isinstance(owner, Function) and _asked_anew(module, memo, owner)
    if feed.root == "this":
        return _field_counts(module, memo, feed)
    return True


def _made_in(module: Module, memo: Memo) -> Function | None:
    """Return the function whose variable a cache that a call made is; None where it comes from elsewhere."""
    holder = strip(memo.holder) if memo.holder is not None else None
    bound = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) else []
    return function_of(bound[0]) if len(bound) == 1 and isinstance(bound[0], Assign) else None


def _asked_anew(module: Module, memo: Memo, owner: Function) -> bool:
    """Tell whether a function runs several times in the life of the collection."""
    scope = memo.table.scope if memo.table is not None else _made_in(module, memo)
    current: Function | None = memo.function
    while current is not None and current is not scope:
        if current is owner:
            return current.kind != "constructor"
        if memo.table is not None and memo.table.owner is not None and current.owner is memo.table.owner:
            return False
        current = current.outer
    return False


def _field_counts(module: Module, memo: Memo, feed: Feed) -> bool:
    """A field is part of the question where the collection outlives the object, or the field changes."""
    table = memo.table
    if table is None:
        return True
    if table.owner is None or _of_class(module, table):
        return table.owner is not None or table.scope is None
    cls = class_of(memo.node)
    if cls is None or not feed.path:
        return False
    changed = [a for a in module.scopes.fields(cls).get(feed.path[0], ()) if _method(a) not in _FIRST]
    emptied = {_method(access.node) for access in table.of("clear", "delete")}
    emptied |= {_method(a) for a in module.scopes.fields(cls).get(table.name, ())}
    return any(_method(assign) not in emptied for assign in changed)


_FIRST = frozenset({"constructor", "__init__", "__post_init__", ""})


def _method(node: Node) -> str:
    """Return the name of the method of a class that a node stands in."""
    current: Node | None = node
    while current is not None:
        if isinstance(current, Function) and current.owner is not None:
            return current.name or current.kind
        current = current.parent
    return ""


def _of_class(module: Module, table: Table) -> bool:
    """Tell whether a field belongs to the class and not to each object."""
    place = table.declared
    if table.owner is None or not isinstance(place, Field) or not of_the_class(table.owner, place):
        return False
    if isinstance(place.value, Call) and last_spelled(place.value.callee) & {"field", "factory"}:
        return False
    return not any(_method(a) in _FIRST for a in module.scopes.fields(table.owner).get(table.name, ()))


def answers(module: Module, memo: Memo) -> bool:
    """Tell whether the function answers with what it keeps: it remembers, and doesn't add up or file away."""
    kept = {part.id for part in walk(memo.value) if isinstance(part, Name)}
    if not isinstance(strip(memo.value), Name):
        kept -= {*names_in(memo.key), "self", "this"}  # these go into what is made, and are not what was made
    if memo.holder is None or isinstance(memo.value, Function):
        return True
    holder = module.text_of(memo.holder)
    origin = module.scopes.origin(memo.value) if isinstance(memo.value, Name) else None
    for node in walk([memo.value, origin] if isinstance(origin, Call) else memo.value):
        if isinstance(node, Index | Call) and asks_for(module, node, holder, memo.key) and not takes_out(node):
            return False  # the old value goes into the new one
    asked = (
        n for n in walk(memo.function.body) if isinstance(n, Index | Call) and asks_for(module, n, holder, memo.key)
    )
    reads = [one for one in asked if not (isinstance(one.parent, Assign) and one.parent.target is one)]
    if reads and all(isinstance(one.parent, Binary) and one.parent.op in _RECKONING for one in reads):
        return False  # the old value is what the new one is held against
    for node in walk(memo.function.body):
        if not isinstance(node, Return) or node.value is None:
            continue
        for part in walk(node.value):
            if part is memo.node or (isinstance(part, Name) and part.id in kept):
                return True
            if isinstance(part, Name) and _is_read(module, part, holder):
                return True
            if isinstance(part, Index | Call) and asks_for(module, part, holder, memo.key):
                return True
    return False


_RECKONING = frozenset({"+", "-", "*", "/", "%", "<", ">", "<=", ">="})


def _is_read(module: Module, name: Name, holder: str) -> bool:
    bound = module.scopes.lookup(name.id, name)
    return any(
        isinstance(b, Assign) and b.value is not None and holder in module.text_of(b.value)[: LONGEST * 2]
        for b in bound[:6]
    )


def unique_key(module: Module, memo: Memo) -> bool:
    """Tell whether a key is unique by itself, whoever asks: a token, a digest, a connection."""
    key = strip(memo.key)
    if not isinstance(key, Literal) and not feeds(module, key):
        return isinstance(made_here(module, key) or key, Assign | Call)  # a fresh id
    if isinstance(key, Call) and key.args:
        key = key.args[0]
    made = made_here(module, key)
    whole = strip(made.value) if isinstance(made, Assign) and made.value is not None else None
    if isinstance(whole, Template | Array) or (isinstance(whole, Call) and whole.name in _PUTS_TOGETHER):
        return False  # whatever it is called, it is put together of what is asked
    return bool(last_spelled(key) & UNIQUE_KEYS)


_PUTS_TOGETHER = frozenset({"stringify", "dumps", "join", "tuple", "repr", "format", "concat"})
"""Calls that make one text of several."""


def keeps_instances(memo: Memo) -> bool:
    """Tell whether what is kept is something that runs, and not a result."""
    name = set(spelled(memo.table.name)) if memo.table is not None else last_spelled(memo.holder)
    if name & SHARED_CODE and not name & _RUNNING:
        return False
    made = maker(memo)
    if made is not None:
        words = last_spelled(made.callee)
        if made.name not in _PLAIN and (made.new or (isinstance(made.callee, Name) and made.name[:1].isupper())):
            return True
        if words & _MAKING:
            return True
    return bool(name & INSTANCES) or _started(memo) or _is_guest(memo, made)


def _is_guest(memo: Memo, made: Call | None) -> bool:
    """Tell whether what is kept was loaded, or is woken as guests are: here, or by the function that gives it."""
    module = memo.function.module
    if is_brought(module, memo.value):
        return True
    maker_of = definition(module, made.callee) if made is not None else None
    return any(
        use.kind == "start"
        and (
            (isinstance(maker_of, Function) and use.frame is maker_of)
            or (use.frame is memo.function and root_name(use.receiver) in names_in(memo.value))
        )
        for use in hooks_of(module)
    )


def _started(memo: Memo) -> bool:
    """Tell whether what is kept is started by the function that keeps it."""
    names = kept_names(memo)
    return bool(names) and any(
        isinstance(node, Call)
        and isinstance(node.receiver, Name)
        and node.receiver.id in names
        and (bool(set(spelled(node.name)) & _STARTS) or waited_for(node))
        for node in walk(memo.function.body)
    )


_PLAIN = frozenset({"Map", "Set", "Array", "Object", "Date", "RegExp", "String", "Number"})
"""Classes of the language whose objects are answers, and nothing that runs."""
_RUNNING = frozenset({"running", "active", "instances", "instance", "live", "started"})
_STARTS = frozenset(
    {"boot", "start", "activate", "launch", "mount", "wake", "init", "initialize", "initialise", "enable"}
)
_MAKING = _STARTS | {"instantiate", "spawn", "create", "factory"}


def computed(memo: Memo) -> bool:
    """Tell whether a kept value is worked out, and not only handed on."""
    if maker(memo) is not None:
        return True
    value = strip(memo.value)
    while isinstance(value, Member | Index) and not is_this_member(value):
        value = strip(value.object)  # reply.body, answer["text"]
        if isinstance(value, Name) and _worked_out(memo, value):
            return True
    value = strip(memo.value)
    if isinstance(value, Array) and any(isinstance(one, Name) and _worked_out(memo, one) for one in value.items):
        return True  # (revision, result)
    bound = memo.function.module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    made: list[Expr] = [one.value for one in bound if isinstance(one, Assign) and isinstance(one.value, Object)]
    made += [text for one in bound if isinstance(one, Assign) for text in _pieced_together(one.value)]
    if isinstance(value, Name):
        made += [part for one in bound if isinstance(one, Assign) for part in filled_with(value, one)]
    if any(isinstance(node, Call | Template | Comprehension) for one in (value, *made) for node in walk(one)):
        return True
    return _decides(memo, value, 0) or any(isinstance(one, Assign) and _decides(memo, one.value, 0) for one in bound)


def _pieced_together(value: Expr | None) -> list[Expr]:
    """Return a text that is put together of what a call gives: ``${notes} ${await guest.forecast(day)}``."""
    made = strip(value) if value is not None else None
    worked = isinstance(made, Template) and any(isinstance(one, Call) and not _looks(one) for one in walk(made))
    return [made] if made is not None and worked else []


def _worked_out(memo: Memo, name: Name) -> bool:
    """Tell whether a local holds what a call has worked out, and not what was only looked up."""
    bound = memo.function.module.scopes.lookup(name.id, name)
    values = [_before_fallback(one.value) for one in bound if isinstance(one, Assign) and one.value is not None]
    calls = [value for value in values if isinstance(value, Call)]
    return any(not _looks(one) or isinstance(one.parent, Await) for one in calls)


_DEEPEST = 3
"""Names that a kept decision is followed through."""


def _looks(call: Call) -> bool:
    """Tell whether a call only looks into a collection, and asks no database."""
    first = strip(call.args[0]) if call.args else None
    text = first.value if isinstance(first, Literal) else ""
    asked = strip(call.receiver) if call.receiver is not None else None
    if isinstance(asked, Call) and asked.name in ("prepare", "execute", "query"):
        return False  # db.prepare("select …").get(id)
    return call.name in _LOOKS and not (isinstance(text, str) and text.lstrip()[:7].lower() == "select ")


def _decides(memo: Memo, value: Expr | None, depth: int) -> bool:
    """Tell whether a value is a decision about what was worked out: ``fitting.length > 0 && fitting[0].allowed``."""
    value = strip(value) if value is not None else None
    if not isinstance(value, Binary | Unary | Conditional) or depth > _DEEPEST:
        return False
    for node in walk(value):
        if isinstance(node, Call) and not _looks(node):
            return True
        bound = memo.function.module.scopes.lookup(node.id, node) if isinstance(node, Name) else []
        for one in bound:
            made = strip(one.value) if isinstance(one, Assign) and one.value is not None else None
            if isinstance(made, Call | Comprehension) and not (isinstance(made, Call) and _looks(made)):
                return True
            if _decides(memo, made, depth + 1):
                return True
    return False


_LOOKS = frozenset({"get", "pop", "setdefault"})
"""Calls that look into a table, where nobody waits for them."""


def _before_fallback(value: Expr) -> Expr:
    """Return what is worked out: ``work()`` of ``(await work()) ?? []``, and of ``table.get(key) ?? work()``."""
    value = strip(value)
    if not isinstance(value, Binary) or value.op not in ("??", "or"):
        return value
    left, right = strip(value.left), strip(value.right)
    looks = isinstance(left, Call) and left.name in _LOOKS and isinstance(right, Call) and not right.new
    return right if looks else left


def maker(memo: Memo) -> Call | None:
    """Return the call that makes the kept value, through the name that it is given first."""
    value: Expr | None = strip(memo.value)
    while isinstance(value, Call) and value.name in ("catch", "finally") and value.receiver is not None:
        value = strip(value.receiver)  # wake(house).catch(forget)
    if isinstance(value, Name):
        bound = memo.function.module.scopes.lookup(value.id, value)
        values = [_before_fallback(b.value) for b in bound if isinstance(b, Assign) and b.value is not None]
        calls = [v for v in values if isinstance(v, Call) and (not _looks(v) or isinstance(v.parent, Await))]
        return calls[-1] if calls else None
    if isinstance(value, Function):
        return next((node for node in walk(value.body) if isinstance(node, Call)), None)
    return value if isinstance(value, Call) else None


def waited_for(call: Call) -> bool:
    """Tell whether something is handed over and waited for, without an answer: ``await guest.settle(pantry)``."""
    given = bool(call.args or call.keywords)
    return given and isinstance(call.parent, Await) and use_of(call).how == "dropped"


def kept_names(memo: Memo) -> set[str]:
    """Return what is kept, by its names in the function: the value, and what a record around it holds."""
    value = memo.function.module.scopes.origin(memo.value) if isinstance(memo.value, Name) else strip(memo.value)
    held: list[Expr] = [memo.value]
    if isinstance(value, Object):
        held += [inner for _key, inner in value.entries]
    elif isinstance(value, Call) and (value.new or value.name[:1].isupper()):
        held += [*value.args, *value.keywords.values()]
    return {one.id for one in map(strip, held) if isinstance(one, Name)} - {"this"}
