"""SEC090: a look-up in a plain object that also finds what every object inherits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.bare import inherits_nothing
from reviewer.code.reach.links import declared_type, definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Cast,
    Conditional,
    Delete,
    Export,
    Expr,
    Function,
    If,
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
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, uses_of
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.values import value_type
from reviewer.experts.paths import last_words
from reviewer.experts.security.fails_open.kept_under_keys import (
    asked_first,
    fixed_form,
    is_filled,
    is_written_out,
    lives_in_a_call,
    numbered,
    only_remembers,
)
from reviewer.experts.security.values.chosen_functions import chosen_by_any_text
from reviewer.experts.security.values.given_keys import (
    RECORDS,
    gone_through,
    is_group,
    item_of_given,
    item_of_parsed,
    key_of_given,
    no_member_name,
    only_named_here,
    only_said,
    refuses_unknown,
)
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.tooling import is_foreign
from reviewer.subject.ecosystem import GENERIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_DEEPEST: Final = 3
"""Helpers through which what is asked about is followed: two may ask each other."""
_OUTSIDE: Final = frozenset(
    "msg message req request event evt params query body payload input args argv data command cmd action call "
    "rpc packet manifest descriptor plugin extension addon entry stored saved state option options setting "
    "settings choice".split()
)
"""Words of values that somebody else sends."""
_STRANGERS: Final = frozenset(
    "msg message req request event evt params query body payload rpc packet incoming command choice args data".split()
)
"""The same inside a plugin, whose options and entries are its own user's."""
_NAMES_OF_EVENTS: Final = frozenset({"event", "evt"})
"""Words of what holds a key; a key of this name is that of an event, which the program itself fires."""
_MATCHED: Final = frozenset({"replace", "replaceAll"})  # calls that hand on what a pattern let through
_HEARS: Final = frozenset({"on", "addListener", "handle", "register", "subscribe", "command"})
_NO_NAMES: Final = frozenset("indexOf length findIndex Number parseInt dirname resolve realpath realpathSync".split())
"""Calls that give numbers and paths, none of which is the name of a member."""
_COPIES: Final = frozenset({"freeze", "seal", "preventExtensions", "assign", "fromEntries", "parse", "structuredClone"})
_ASKS_OF_IT: Final = (".test(", ".has(", ".includes(", "hasOwn", "Object.prototype", "__proto__")
_CLOSED: Final = ("keyof", "number", "symbol", "boolean")


@module_check("SEC090", words={"in", "map", "table", "registry", "entries", "function", "const", "class", "this"})
def inherited_keys(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find ``key in object`` and tests of ``object[key]`` with a key from outside."""
    if module.is_test or module.language == "python" or is_foreign(module.path):
        return
    given = _OUTSIDE if inquiry.subject.kind != "plugin" else _STRANGERS
    tables: dict[str, Match] = {}
    spoken: set[str] = set()
    for node in module.all_nodes:
        found = _lookup(module, node)
        if found is None:
            called = _called_at_once(module, node, given)
            if called is not None:
                yield called
            continue
        table, key = found
        if not _plain(module, table) or not _open(module, key, node) or _own(module, node, table):
            continue
        if no_member_name(module.scopes.origin(strip(key))) or numbered(module, table) or only_said(node, key):
            continue
        filled, name = is_filled(module, table), module.text_of(table)
        sure = _sent(module, key) or not lives_in_a_call(module, node, table)
        sure = sure and not fixed_form(key)
        came = sure and given is _STRANGERS and not _sent(module, key, given) and _came_from_outside(module, key)
        sure = sure and (given is _OUTSIDE or came or _sent(module, key, given))
        closed = isinstance(node, Index) and refuses_unknown(node) and not only_named_here(module, key)
        promised = inquiry.subject.ecosystem == GENERIC and not fixed_form(key) and _is_answer_of_table(node)
        chosen = not fixed_form(key) and (closed or chosen_by_any_text(module, table, key))
        plain = not came and not _sent(module, key, _STRANGERS) and only_remembers(module, node, table, key)
        if isinstance(node, Binary):
            spoken.add(name)
            sure = (sure and not plain) or chosen
            yield _match(module, node, table, filled, sure=sure, inner=filled and not _sent(module, key))
        elif isinstance(node, Index) and (name not in tables or (closed and tables[name].confidence is not None)):
            run = _run(node)
            sent = came or _sent(module, key)
            inner = filled and not (run or sent)
            sure = promised or chosen or (sure and (run or ((sent or filled) and not plain)))
            sure = sure and not is_written_out(module, table)  # most names are its own, and asked for as they stand
            tables[name] = _match(module, node, table, filled or run, sure=sure, inner=inner)
    yield from (match for name, match in tables.items() if name not in spoken)


def _came_from_outside(module: Module, key: Expr) -> bool:
    """Tell whether a key can be followed to what a handler is called with, by whatever names it goes on the way."""
    origin = module.scopes.origin(strip(key))
    matched = origin.parent.parent if isinstance(origin, Param) and isinstance(origin.parent, Function) else None
    if set(last_words(key)[-1:]) & _NAMES_OF_EVENTS or (isinstance(matched, Call) and matched.name in _MATCHED):
        return False
    return bool(trace(module, key).kinds() & {"message", "request"})


def _lookup(module: Module, node: Node) -> tuple[Expr, Expr] | None:
    """Return the object and the key of a look-up that asks whether something is there."""
    if isinstance(node, Binary) and node.op == "in":
        return node.right, node.left
    if isinstance(node, Index) and not _called(node) and (_tested(module, node) or _runs_what_is_sent(module, node)):
        return node.object, node.key
    return None


def _runs_what_is_sent(module: Module, node: Index) -> bool:
    """Tell whether what is found under a key that somebody sends is called, tested or not."""
    return _run(node) and _sent(module, node.key)


def _called_at_once(module: Module, node: Node, given: frozenset[str]) -> Match | None:
    """Find ``handlers[name](…)``: what every object inherits is called, too."""
    if not isinstance(node, Index) or not _called(node) or isinstance(strip(node.key), Literal):
        return None
    if not _sent(module, node.key) or not _open(module, node.key, node) or _own(module, node, node.object):
        return None
    around = strip(node.object)
    nested = isinstance(around, Index) and _sent(module, around.key)
    record = declared_type(module, node.object).startswith(RECORDS)
    if (not nested and not record and not _plain(module, node.object)) or inherits_nothing(module, node.object):
        return None
    return Match(
        node,
        f"'{module.text_of(node.object)}' is a plain object, so 'constructor' and 'toString' are found in it, and are "
        "called, although nobody put them there.",
        severity=Severity.MEDIUM,
        confidence=None if _sent(module, node.key, given) else Confidence.POSSIBLE,
    )


def _run(node: Index) -> bool:
    """Tell whether what is found is called afterwards: ``const run = methods[name]; if (run) run(input)``."""
    made, function = node.parent, function_of(node)
    if not isinstance(made, Assign) or not isinstance(made.target, Name) or function is None:
        return False
    name = made.target.id
    return any(isinstance(use.parent, Call) and use.parent.callee is use for use in uses_of(name, function))


def _match(module: Module, node: Expr, table: Expr, filled: bool, *, sure: bool, inner: bool) -> Match:
    """Make a finding; where the names are ``inner``, given by the program and its plugins alone, it weighs little."""
    name = module.text_of(table)
    return Match(
        node,
        f"'{name}' is a plain object, so 'constructor' and 'toString' are found in it although nobody put them there.",
        confidence=None if sure else Confidence.POSSIBLE,
        severity=Severity.LOW if inner else Severity.MEDIUM if filled else None,
    )


def _plain(module: Module, expr: Expr, depth: int = 3) -> bool:
    """Tell whether an expression is an object with the usual prototype, made by a literal."""
    expr = strip(expr)
    if depth == 0:
        return False
    value: object = expr
    if isinstance(expr, Name | Member):
        value = module.scopes.origin(expr)
        if value is expr or value is None or isinstance(value, Param):
            value = definition(module, expr) if not isinstance(value, Param) else None
        elif not isinstance(value, Expr):
            value = definition(module, expr)
    if isinstance(value, Object):
        return "__proto__" not in value.keys
    if isinstance(value, Call) and value.name in _COPIES:
        if value.name in ("parse", "fromEntries"):
            return value.receiver is not None and module.text_of(value.receiver) in ("JSON", "Object")
        return bool(value.args) and _plain(module, value.args[0], depth - 1)
    if isinstance(value, Member) and value is not expr:
        return _plain(module, value, depth - 1)
    return isinstance(value, Call) and not value.new and _parsed(module, value)


def _parsed(module: Module, call: Call) -> bool:
    """Tell whether a call is declared to give a record under any key: what was read, and so has the usual prototype."""
    given = value_type(module, call)
    for wrapper in ("Promise<", "Awaited<"):
        given = given[len(wrapper) : -1].strip() if given.startswith(wrapper) and given.endswith(">") else given
    return given.startswith(RECORDS)


def _open(module: Module, key: Expr, at: Node) -> bool:
    """Tell whether a key may be any text: no constant, no number, no key that the object itself gave."""
    key = strip(key)
    if isinstance(key, Template):
        return bool(key.holes) and isinstance(key.items[0], Expr) and not isinstance(key.items[0], Literal)
    if not isinstance(key, Name | Member | Index) or is_group(module, key):
        return False
    declared = declared_type(module, key)
    if any(word in declared for word in _CLOSED) or '"' in declared or "'" in declared:
        return False
    if declared and declared.strip() not in ("string", "any", "unknown", "string | undefined", "string | null"):
        return False
    if isinstance(key, Name):
        for binding in module.scopes.lookup(key.id, at):
            over = gone_through(binding)
            if over is not None:
                if not (
                    key_of_given(module, over, key) or item_of_parsed(module, over[1]) or item_of_given(module, over[1])
                ):
                    return False
                continue
            if isinstance(binding, Assign):
                value = asked_first(binding.value) if binding.value is not None else None
                if binding.op != "=" or not isinstance(value, Name | Member | Index | Call):
                    return False
                if (isinstance(value, Call) and value.name in _NO_NAMES) or is_group(module, value):
                    return False
        return bool(module.scopes.lookup(key.id, at)) and len(key.id) > 1
    return not (isinstance(key, Member) and (key.name == "length" or is_this_member(key)))


def _tested(module: Module, node: Index) -> bool:
    """Tell whether a look-up is asked whether it found something, at once or through the variable that keeps it."""
    parent = node.parent
    inner: Node = node
    while isinstance(parent, Unary) and parent.op == "not":
        inner, parent = parent, parent.parent
    if isinstance(parent, Assign) and parent.target is node:
        return False
    if isinstance(parent, Delete) or (isinstance(parent, Unary) and parent.op == "delete"):
        return False
    if isinstance(parent, If | Conditional | While):
        return parent.test is inner
    if isinstance(parent, Binary):
        return _is_test(parent, inner) or (inner is not node and parent.op in ("and", "or"))
    if isinstance(parent, Assign) and parent.value is node and isinstance(parent.target, Name):
        function = function_of(parent)
        return function is not None and _name_tested(module, function, parent, parent.target.id)
    return isinstance(parent, Return) and (is_filled(module, node.object) or _promises_nothing(parent))


def _is_answer_of_table(node: Node) -> bool:
    """Tell whether what stands under a key is the answer to strangers, who are told nothing for an unknown one."""
    around = node.parent
    if not isinstance(node, Index) or function_of(node) is None:
        return False
    if isinstance(around, Binary) and isinstance(around.parent, Return) and _is_test(around, node):
        function, nothing = function_of(node), strip(around.right)
        owner = function.owner if function is not None and not function.private else None
        public = owner is not None and isinstance(owner.parent, Export)
        return public and isinstance(nothing, Literal) and nothing.value is None
    return isinstance(around, Return) and _promises_nothing(around)


def _promises_nothing(answer: Return) -> bool:
    """Tell whether an exported function says that it gives nothing for an unknown name: ``Station | undefined``."""
    function = function_of(answer)
    if function is None or not {"undefined", "null"} & {one.strip() for one in function.returns.split("|")}:
        return False
    return isinstance(function.parent, Export)


def _is_test(parent: Binary, inner: Node) -> bool:
    if parent.op in ("==", "!="):
        other = strip(parent.right if parent.left is inner else parent.left)
        return isinstance(other, Literal) and other.value is None
    return parent.op in ("and", "or", "??") and parent.left is inner


def _name_tested(module: Module, function: Function, made: Assign, name: str) -> bool:
    for use in uses_of(name, function):
        if use is made.target:
            continue
        parent, inner = use.parent, use
        if isinstance(parent, Unary) and (parent.op == "not" or _asks_for_function(parent)):
            return True
        if isinstance(parent, If | Conditional) and parent.test is inner:
            return True
        if isinstance(parent, Binary) and _is_test(parent, inner):
            return True
    return False


def _asks_for_function(kind: Unary) -> bool:
    """Tell whether ``typeof run`` is held against "function", which what is inherited is, too."""
    test = kind.parent
    if kind.op != "typeof" or not isinstance(test, Binary):
        return False
    other = strip(test.right if test.left is kind else test.left)
    return isinstance(other, Literal) and other.value == "function"


def _called(node: Index) -> bool:
    around: Node | None = node.parent
    inner: Node = node
    while isinstance(around, Cast):
        inner, around = around, around.parent
    return isinstance(around, Call) and around.callee is inner


def _own(module: Module, node: Node, table: Expr) -> bool:
    """Tell whether own keys alone are asked for somewhere around a look-up, or the key has a grammar."""
    function = function_of(node)
    while function is not None and function.outer is not None and function.kind == "arrow":
        function = function.outer
    name = module.text_of(table)
    scope = [function] if function is not None else list(module.body)
    for call in find(scope, Call):
        if call.name in ("hasOwn", "hasOwnProperty", "has") and name in module.text_of(call):
            return True
        if call.name == "call" and "hasOwnProperty" in module.text_of(call.callee):
            return True
        if call.name in ("keys", "getOwnPropertyNames", "entries") and name in [
            module.text_of(arg) for arg in call.args
        ]:
            return True
        if call.name == "setPrototypeOf":
            return True
    asked = node.key if isinstance(node, Index) else node.left if isinstance(node, Binary) else None
    key = module.text_of(asked) if asked is not None else ""
    tests = " ".join(text for one in conditions(node) if key in (text := module.text_of(one.test)))
    typed = "typeof" if isinstance(node, Index) and not _run(node) else f"typeof {name}"
    return any(word in tests for word in (*_ASKS_OF_IT, typed))


def _sent(module: Module, key: Expr, outside: frozenset[str] = _OUTSIDE, depth: int = _DEEPEST) -> bool:
    """Tell whether a key is taken from something that somebody else sends, through so many helpers."""
    base = strip(key)
    found: set[str] = set()
    while isinstance(base, Member | Index) or (isinstance(base, Binary) and base.op in ("??", "or")):
        if isinstance(base, Member):
            found.update(words(base.name))
        base = strip(base.left) if isinstance(base, Binary) else strip(base.object)
        base = strip(base.receiver) if isinstance(base, Call) and base.name == "json" and base.receiver else base
    if isinstance(base, Name):
        found.update(set(words(base.id)[-1:]) - _NAMES_OF_EVENTS if base is strip(key) else words(base.id))
        taken = module.scopes.origin(base)
        taken = asked_first(taken) if isinstance(taken, Binary) else taken
        if isinstance(taken, Member) and key is not taken:
            return bool(found & outside) or _sent(module, taken, outside, depth)
        event = base is strip(key) and words(base.id)[-1:] in (("event",), ("evt",))
        for binding in module.scopes.lookup(base.id, base) if not event else ():
            if isinstance(binding, Param) and isinstance(binding.parent, Function):
                if depth and _asked_with_what_is_sent(module, binding.parent, outside, depth - 1):
                    return True
                holder = next((one for one in ancestors(binding.parent)), None)
                if isinstance(holder, Call) and holder.name in _HEARS:
                    return True
    return bool(found & outside)


def _asked_with_what_is_sent(module: Module, function: Function, outside: frozenset[str], depth: int) -> bool:
    """Tell whether a small helper is asked about what somebody sends: ``isScale(args?.scale)``."""
    if not function.name or len(function.params) != 1 or function.owner is not None:
        return False
    asked = [strip(call.args[0]) for call in module.calls((function.name,)) if call.args]
    others = [one for one in asked if isinstance(one, Member) and function_of(one) is not function]
    return any(_sent(module, one, outside, depth) for one in others)
