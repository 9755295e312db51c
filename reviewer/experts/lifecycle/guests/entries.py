"""Where a host notes down its plugins: tables and states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import after, before, conditions, exits
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Object,
    strip,
)
from reviewer.code.tables import Access, Table, tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, names_in, walk
from reviewer.core.regex import regex
from reviewer.experts.lifecycle.hooks.switches import switches_on
from reviewer.experts.lifecycle.values import given_with, root_name
from reviewer.experts.lifecycle.vocabulary import (
    ACTIVE_WORDS,
    FAILED_WORDS,
    PENDING_WORDS,
    PLUGIN_WORDS,
    has_word,
)

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.lifecycle.hooks.hooks import HookUse

_STATE_KEYS: Final = frozenset(
    "status state phase stage enabled active running started loaded ready live health".split()
)
_STATE_FIELDS: Final = frozenset({"status", "state", "phase", "stage"})
_RESTING: Final = FAILED_WORDS | frozenset(
    "registered discovered resolved created idle known new pristine unloaded none unknown candidate found".split()
)
_SHORT: Final = frozenset({"on", "up", "ok"})
_LISTS: Final = (ACTIVE_WORDS - _SHORT) | (
    frozenset(word for word in PLUGIN_WORDS if word.endswith("s")) - {"exports", "hooks", "parts", "services"}
)
PASSING: Final = frozenset(
    (
        "pending starting loading inflight locks lock visiting queue waiting order activating booting progress flight "
        "seen visited busy path errors failures failed promises jobs timers metrics log timings started attempts "
        "retries history audit since"
    ).split()
)
"""Words of tables that note something else than the plugins that are there."""


_SET_IN_SQL: Final = regex(r"(?i)\bupdate\s.{1,80}\bset\s.{0,80}\b(?:state|status|phase)\s{0,4}=\s{0,4}'(\w{1,20})'")


class Entry(Struct, frozen=True):
    """A place where a host enters a plugin, or says in what state it is.

    ``state`` is ``active``, ``pending``, ``resting`` or empty where nothing is said; ``table``
    is the table that is written, None for a state alone.
    """

    node: Node
    state: str
    table: Table | None
    root: str
    """The variable or field whose state is set, or that is stored."""


def state_of(value: Expr | None) -> str:
    """Return what a value says about a plugin's state: ``active``, ``pending``, ``resting`` or nothing."""
    value = strip(value) if value is not None else None
    said: frozenset[str] = frozenset()
    if isinstance(value, Literal) and isinstance(value.value, str):
        said = frozenset(words(value.value))
    elif isinstance(value, Member):
        said = frozenset(words(value.name))
    if not said or len(said) > 2:
        return ""
    if said & _RESTING or "not" in said:
        return "resting"
    if said & PENDING_WORDS:
        return "pending"
    return "active" if said & ACTIVE_WORDS else ""


def flag_state(name: str, value: Expr | None) -> str:
    """Return what ``name = value`` says about a state: ``enabled = true``, ``phase = "running"``."""
    if not words(name) or words(name)[-1] not in _STATE_KEYS:
        return ""
    value = strip(value) if value is not None else None
    if isinstance(value, Literal) and isinstance(value.value, bool):
        if words(name)[-1] in ("status", "state", "phase", "stage", "health"):
            return ""
        return "active" if value.value else "resting"
    return state_of(value)


def _next_state(module: Module, assign: Assign) -> str:
    """Return ``active`` for the second state that a function gives a plugin, where its words say nothing.

    ``slot.phase = step(slot.phase, Phase.THREADING)``, the hook, ``slot.phase = step(slot.phase, Phase.WEAVING)``.
    """
    target, function = assign.target, function_of(assign)
    value = assign.value
    if not isinstance(target, Member) or value is None or function is None or not words(target.name):
        return ""
    if words(target.name)[-1] not in _STATE_FIELDS or not (_constants(value) and _says_nothing(value)):
        return ""
    spelled = module.text_of(target)
    earlier = [
        other
        for other in find(function.body, Assign, into_functions=False)
        if other.start < assign.start and other.value is not None and module.text_of(other.target) == spelled
    ]
    return "active" if any(_constants(one.value) - _constants(value) for one in earlier if one.value) else ""


def _enough(module: Module, assign: Assign) -> str:
    """Return ``active`` for a state in which nothing is left to do: ``if cast.phase == "hot": return``."""
    target, value = assign.target, strip(assign.value) if assign.value is not None else None
    if not isinstance(target, Member) or words(target.name)[-1:] not in (
        ("phase",),
        ("state",),
        ("status",),
        ("stage",),
    ):
        return ""
    if not isinstance(value, Literal) or not isinstance(value.value, str) or not _says_nothing(value):
        return ""
    function = function_of(assign)
    for test in find(function.body, If, into_functions=False) if function is not None else ():
        asked = strip(test.test)
        if isinstance(asked, Binary) and asked.op == "==" and test.start < assign.start and exits(test.body):
            sides = [strip(asked.left), strip(asked.right)]
            told = any(isinstance(one, Member) and one.name == target.name for one in sides)
            if told and any(isinstance(one, Literal) and one.value == value.value for one in sides):
                return "active"
    return ""


def _constants(value: Expr) -> frozenset[str]:
    """Return the names of states that a value is made of: ``Phase.WEAVING``, ``"weaving"``."""
    said = [node.name for node in find(value, Member) if node.name.isupper()]
    said += [node.value for node in find(value, Literal) if isinstance(node.value, str)]
    return frozenset(said)


def _says_nothing(value: Expr) -> bool:
    return not any(has_word(said, _RESTING | PENDING_WORDS) for said in _constants(value))


def entries(inquiry: Inquiry, module: Module) -> tuple[Entry, ...]:
    """Return every place of a module where something is entered into a table or gets a state; worked out once."""
    return module.once("lifecycle.entries", lambda: tuple(_entries(inquiry, module)))


def _entries(inquiry: Inquiry, module: Module) -> Iterator[Entry]:
    for table in tables(module):
        for access in table.of("write"):
            if access.node is not table.declared:
                yield Entry(access.node, _value_state(_made(module, access.value)), table, _stored(access))
    for node in module.all_nodes:
        if isinstance(node, Assign) and isinstance(node.target, Member) and node.op == "=":
            state = flag_state(node.target.name, node.value) or _next_state(module, node) or _enough(module, node)
            state = "active" if not state and switches_on(module, node) else state
            if state:
                yield Entry(node, state, None, root_name(node.target))
            elif isinstance(node.value, Object) and node.value.spreads and _puts_active(node.value):
                yield Entry(node, "active", None, "")
        elif isinstance(node, Call) and (added := _added_to_copy(node)):
            yield Entry(node, "active", None, added)
        elif isinstance(node, Call) and (noted := _noted_in_database(node)):
            yield Entry(node, noted, None, "")
        elif isinstance(node, Call) and _listed(node):
            yield Entry(node, "active", None, root_name(node.args[-1]))
        elif isinstance(node, Call):
            given = [state_of(arg) for arg in node.args] if _says_state(node.name) else _given_states(module, node)
            state = next((state for state in given if state), "")
            if state:
                yield Entry(node, state, None, "")
            elif _marks_active(node):
                yield Entry(node, "active", None, root_name(node.args[0]))


def _made(module: Module, value: Expr | None) -> Expr | None:
    """Return the record that a constant holds, where it was made just for this: ``const slot = { … }``."""
    named = strip(value) if value is not None else None
    made = module.scopes.origin(named) if isinstance(named, Name) else None
    return made if isinstance(made, Object) else value


def _listed(call: Call) -> bool:
    """Tell whether something is put on a list that another object holds: ``shell.addons.append(x)``."""
    receiver = call.receiver
    if call.name not in ("append", "push", "add", "set") or not isinstance(receiver, Member) or not call.args:
        return False
    if is_this_member(receiver) or not isinstance(strip(call.args[-1]), Name):
        return False
    return has_word(receiver.name, _LISTS) and not has_word(receiver.name, PASSING | FAILED_WORDS)


def _says_state(name: str) -> bool:
    """Tell whether a function is called after its setting a state: ``setStatus``, ``_transition``, ``move_to``."""
    said = words(name)
    if not said:
        return False
    return said[0] in ("transition", "move", "advance", "become", "goto", "enter") or (
        said[0] in ("set", "mark", "change", "update") and has_word(name, _STATE_KEYS)
    )


def _marks_active(call: Call) -> bool:
    """Tell whether a function by its name notes that something runs: ``mark_active(plugin.id)``."""
    said = words(call.name)
    told = len(said) == 2 and said[0] in ("mark", "set", "flag", "note") and said[1] in ACTIVE_WORDS - _SHORT
    undone = any(isinstance(arg, Literal) and arg.value is False for arg in call.args)
    return told and bool(call.args) and isinstance(strip(call.args[0]), Name | Member) and not undone


def _given_states(module: Module, call: Call) -> list[str]:
    """Return what a call says of a state to a function that takes one by its name: ``write(slug, "mounted")``."""
    if not any(isinstance(one, Literal | Member) for one in (*call.args[1:], *call.keywords.values())):
        return []
    found = [state_of(one) for name, one in call.keywords.items() if call.args and name in _STATE_FIELDS]
    target = definition(module, call.callee) if any(map(state_of, call.args[1:])) else None
    params = target.params if isinstance(target, Function) else []
    return found + [
        state_of(one) for param, one in zip(params[1:], call.args[1:], strict=False) if param.name in _STATE_FIELDS
    ]


def _puts_active(value: Object) -> bool:
    """Tell whether a copy of a state (``{...state, [id]: {status: "running"}}``) enters something as running."""
    return any(isinstance(node, Object) and _value_state(node) == "active" for node in walk(value))


def _noted_in_database(call: Call) -> str:
    """Return the state that a statement of SQL gives a plugin: ``UPDATE plugin SET state = 'running' WHERE …``."""
    text = strip(call.args[0]) if call.args and call.name in ("execute", "run", "query", "exec") else None
    said = _SET_IN_SQL.search(text.value) if isinstance(text, Literal) and isinstance(text.value, str) else None
    if said is None:
        return ""
    given = frozenset(words(said[1]))
    return "resting" if given & _RESTING else "active" if given & ACTIVE_WORDS else ""


def _added_to_copy(call: Call) -> str:
    """Return what a call hands over in a copy of a table with one more: ``dispatch({...all, [id]: {part}})``."""
    for copy in (one for arg in call.args for one in find(arg, Object)):
        keyed = [held for key, held in copy.entries if key is not None and not isinstance(key, Literal)]
        if copy.spreads and len(keyed) == 1 and not isinstance(copy.parent, Assign):
            named = sorted(names_in(keyed[0])) if isinstance(strip(keyed[0]), Name | Object) else []
            return named[0] if len(named) == 1 else ""
    return ""


def _stored(access: Access) -> str:
    value = strip(access.value) if access.value is not None else None
    return root_name(value) if isinstance(value, Name | Member) else ""


def _value_state(value: Expr | None) -> str:
    value = strip(value) if value is not None else None
    pairs: list[tuple[str, Expr]] = []
    if isinstance(value, Object):
        pairs = [(str(key.value), item) for key, item in value.entries if isinstance(key, Literal)]
    elif isinstance(value, Call):
        pairs = list(value.keywords.items())
        given = [state_of(arg) for arg in value.args if isinstance(arg, Member | Literal)]
        if any(given):
            return next(state for state in given if state)
    for key, item in pairs:
        state = flag_state(key, item)
        if state:
            return state
    return state_of(value) if isinstance(value, Literal | Member) else ""


def concerns(module: Module, entry: Entry, use: HookUse) -> bool:
    """Tell whether an entry is about the plugin whose hook is used."""
    root = root_name(use.receiver)
    if entry.table is None:
        return entry.root in {"", root} or _own_state(entry) or _related(module, entry.root, root, use)
    access = next((a for a in entry.table.accesses if a.node is entry.node), None)
    if access is None:
        return False
    if has_word(entry.table.name, PASSING) and not (
        entry.state == "active" or _list_of_started(entry.table, access, root)
    ):
        return False
    made = _made(module, access.value)
    if made is not access.value and access.value is not None and _mentions(access.value, root):
        return True  # const seat = { driver: make() }; seats.push(seat); seat.driver.activate()
    if made is not None and (_mentions(made, root) or given_with(module, use.receiver, made)):
        return True
    if root.removeprefix("this.") == entry.table.name and root_name(use.receiver) == root:
        return True  # table[id] = make(); table[id].activate()
    return entry.state == "active" or (has_word(entry.table.name, ACTIVE_WORDS) and entry.table.kind in ("set", "map"))


def _list_of_started(table: Table, access: Access, root: str) -> bool:
    """Tell whether ``started`` holds the plugins themselves, and not when each was started."""
    value = strip(access.value) if access.value is not None else None
    return words(table.name)[-1:] == ("started",) and isinstance(value, Name) and value.id == root


def _own_state(entry: Entry) -> bool:
    """Tell whether an entry is the state of the object itself, which wraps one plugin: ``this.status``."""
    target = entry.node.target if isinstance(entry.node, Assign) else None
    return isinstance(target, Member) and is_this_member(target)


def _mentions(value: Expr, root: str) -> bool:
    if root.startswith("this."):
        return any(isinstance(n, Member) and is_this_member(n) and f"this.{n.name}" == root for n in walk(value))
    return root in names_in(value)


def _related(module: Module, left: str, right: str, use: HookUse) -> bool:
    """Tell whether a variable holds the entry of the plugin that another variable holds."""
    if not left or not right or use.frame is None or left.startswith("this."):
        return False
    for name, other in ((left, right), (right, left)):
        for binding in module.scopes.table(use.frame).get(name, ()):
            if isinstance(binding, Assign) and binding.value is not None and other in names_in(binding.value):
                return True
            if not isinstance(binding, Assign):
                return True
    return any(_put_into(assign, left, right) for assign in find(use.frame, Assign, into_functions=False))


def _put_into(assign: Assign, record: str, plugin: str) -> bool:
    """Tell whether a record is given the plugin as a member: ``record.code = code``."""
    target, value = assign.target, strip(assign.value) if assign.value is not None else None
    holder = strip(target.object) if isinstance(target, Member) else None
    return isinstance(holder, Name) and holder.id == record and isinstance(value, Name) and value.id == plugin


def ran_before(entry: Entry, site: Call) -> bool:
    """Tell whether an entry was surely made before a call in the same function."""
    return function_of(entry.node) is function_of(site) and any(node is entry.node for node in before(site))


def ran_after(entry: Entry, site: Node) -> bool:
    """Tell whether an entry may be made after a call in the same function."""
    return function_of(entry.node) is function_of(site) and any(node is entry.node for node in after(site))


def unconditional_after(entry: Entry, statement: Node) -> bool:
    """Tell whether an entry is made after a statement without a test of its own."""
    outside = {id(condition.test) for condition in conditions(statement)}
    return ran_after(entry, statement) and all(id(c.test) in outside for c in conditions(entry.node))
