"""Look-ups that permission decisions stand on, and what a decision says when one finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import conditions, exits, guarding_try, siblings
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Case,
    Cast,
    Comprehension,
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
    Switch,
    Template,
    Throw,
    uncast,
)
from reviewer.code.text.ideas import GIVEN, GRANTS, HELD
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, function_of, walk
from reviewer.experts.paths import last_words, path_words, word_set
from reviewer.experts.security.fails_open.absence import Absence, Outcome
from reviewer.experts.security.fails_open.consulted import grants_by_entry, may_be_missing
from reviewer.experts.security.fails_open.selections import selected_from
from reviewer.experts.security.vocabulary import ALLOWING, REFUSING, REQUIREMENTS, TABLES, says

if TYPE_CHECKING:
    from reviewer.code.bindings import Binding
    from reviewer.code.module import Module

_FINDERS: Final = word_set(
    "get find lookup getItem first findOne find_one get_or_none getOrNull peek findFirst findUnique"
)
_FETCHES: Final = frozenset({"get", "find", "lookup", "load", "fetch", "read", "resolve", "for", "of", "query"})
_ROWS: Final = frozenset("fetchone fetchrow fetchval fetch_one one_or_none scalar scalar_one_or_none".split())
"""Calls that give the row that was found, or nothing."""
_POLICIES: Final = GRANTS | word_set(
    "policy policies acl acls granted permissions rules rule sheet rights roles allowlist"
)
_CERTAIN: Final = GIVEN | word_set("policy acl acls granted consent")
_OWNERS: Final = _CERTAIN | {"permissions", "rights", "entitlement", "allowlist"}
_ENTRIES: Final = word_set("entries entry table tables rows map items known data listed by plugin id name key")
"""Words of a field that says no more than that it holds the entries of its class."""
_ANSWERS: Final = ("allowed", "allow", "ok", "granted", "permitted", "authorized")
_TARGETS: Final = frozenset(
    {"command", "route", "endpoint", "action", "tool", "operation", "handler", "field", "menu", "page"}
)
"""Things that may rightly name no permission: nothing is asked of whoever uses them."""
_HOLDINGS: Final = HELD | word_set("caps")
"""Names of a method that gives what somebody holds."""
_MOST: Final = 16
"""Look-ups of one function that are played through."""


class LookUp(Struct, frozen=True):
    """One look-up, wherever it is written down in a function; ``text`` is its source text."""

    text: str
    first: Expr


def look_ups(module: Module, function: Function) -> list[LookUp]:
    """Return the look-ups of a function that may find nothing and that grant something where they find it."""
    found: dict[str, LookUp] = {}
    for node in walk(function.body, into_functions=False):
        if isinstance(node, Expr) and _is_look_up(module, node):
            text = module.text_of(node)
            if text not in found and len(found) < _MOST:
                found[text] = LookUp(text, node)
    return list(found.values())


def _is_look_up(module: Module, expr: Expr) -> bool:
    if _is_set_or_called(expr):
        return False
    if isinstance(expr, Binary):
        asked = expr.op in ("in", "not in") and not isinstance(expr.left, Literal)
        return asked and (_is_table(expr.right) or grants_by_entry(module, expr))
    if isinstance(expr, Comprehension | Call):  # [rule for rule in rules if rule.plugin == plugin]
        chosen_from = selected_from(module, expr)
        if isinstance(expr, Comprehension) or (chosen_from is not None and _is_table(chosen_from)):
            return chosen_from is not None and _is_table(chosen_from)
    if path_words(expr) & REQUIREMENTS or last_words(expr)[:1] == ("this",):
        return False
    if _asked_whether_there(expr):
        return True
    if isinstance(expr, Call):
        return _finds(expr)
    if isinstance(expr, Index):
        literal = isinstance(expr.key, Literal) and not isinstance(expr.key.value, str)
        return module.language != "python" and not literal
    if isinstance(expr, Member) and not is_this_member(expr):
        return (
            module.language != "python"
            and bool(set(last_words(expr.object)) & TABLES)
            and expr.name not in ("length", "size")
        )
    return _is_policy(module, expr)


def _is_set_or_called(expr: Expr) -> bool:
    """Tell whether an expression is given a value or called, or becomes what has to be missing for a yes."""
    parent = expr.parent
    if isinstance(parent, Assign) and (parent.target is expr or set(last_words(parent.target)) & REQUIREMENTS):
        return True
    return isinstance(parent, Call) and parent.callee is expr


def _asked_whether_there(expr: Expr) -> bool:
    """Tell whether the code itself says that a value may be missing: ``row?.granted``."""
    around = expr.parent
    if not isinstance(expr, Name | Call) or (isinstance(expr, Name) and expr.id == "this"):
        return False
    return isinstance(around, Member | Index) and around.object is expr and around.optional


def _finds(call: Call) -> bool:
    if call.new:
        return False
    if call.name in _FINDERS:
        return call.receiver is not None and bool(call.args) and not set(last_words(call.receiver)) & _TARGETS
    if call.name == "has":
        return call.receiver is not None and bool(call.args) and _is_table(call.receiver)
    name = words(call.name)
    if len(name) == 1 and name[0] in _HOLDINGS and call.receiver is not None and call.args:
        return True
    return bool(name) and bool(set(name) & TABLES) and bool(set(name) & _FETCHES) and bool(call.args)


def _is_table(expr: Expr) -> bool:
    """Tell whether an expression by its last name holds what somebody may do."""
    named = set(last_words(expr))
    return (bool(named & TABLES) and not named & REQUIREMENTS) or _is_held_by_policy(expr)


def _is_held_by_policy(expr: Expr) -> bool:
    """Tell whether a field holds the entries of a class that is a policy by its name: ``self._entries`` of ``Acl``."""
    cls = class_of(expr) if is_this_member(expr) else None
    return cls is not None and bool(set(words(cls.name)) & _OWNERS) and set(last_words(expr)) <= _ENTRIES


def _is_policy(module: Module, expr: Expr) -> bool:
    """Tell whether a name or field holds a policy that may not be there."""
    if may_be_missing(module, expr):
        return True
    if is_this_member(expr) and isinstance(expr, Member):
        return bool(set(words(expr.name)) & _POLICIES) or _is_held_by_policy(expr) or _is_left_out(expr)
    if not isinstance(expr, Name) or expr.id in ("this", "undefined", "super"):
        return False
    named = set(words(expr.id))
    values = [b for b in module.scopes.lookup(expr.id, expr) if not (isinstance(b, Assign) and b.value is None)]
    if not values:
        return False
    if all(isinstance(b, Param) for b in values):
        return bool(named & _CERTAIN)
    if not all(isinstance(b, Assign) for b in values):
        return False
    made = [uncast(b.value) for b in values if isinstance(b, Assign) and b.value is not None]
    if any(isinstance(value, Member | Index) and set(path_words(value.object)) & _TARGETS for value in made):
        return False
    if any(
        isinstance(value, Literal | Template) and not (isinstance(value, Literal) and value.value is None)
        for value in made
    ):
        return False
    if len(values) > 1:
        return all(_may_be_nothing(value) for value in made) or _left_empty(values) or _set_elsewhere(values, expr)
    return bool(named & _POLICIES) or _may_be_nothing(made[0])


def _is_left_out(field: Member) -> bool:
    """Tell whether a class says of a collection or a record of its own that it may be missing: ``#rules?: Rules``."""
    cls = class_of(field)
    declared = next((one for one in cls.fields if one.name == field.name), None) if cls is not None else None
    if declared is None or set(words(field.name)) & REQUIREMENTS:
        return False
    kinds = {one.strip(" '\"") for one in declared.type.split("|")}
    nothing = kinds & {"None", "undefined", "null"} or declared.type.startswith("Optional[")
    return bool(nothing or declared.optional) and not kinds & {
        "bool",
        "boolean",
        "string",
        "str",
        "int",
        "number",
        "float",
    }


def _set_elsewhere(values: list[Binding], expr: Name) -> bool:
    """Tell whether a name of the module is nothing until a function puts in what there is: ``RULES = None``."""
    assigns = [binding for binding in values if isinstance(binding, Assign) and binding.value is not None]
    empty = [one for one in assigns if isinstance(one.value, Literal) and one.value.value is None]
    if not empty or len(empty) == len(assigns) or set(words(expr.id)) & REQUIREMENTS:
        return False
    return all(function_of(one) is None for one in empty) and function_of(expr) is not None


def _left_empty(values: list[Binding]) -> bool:
    """Tell whether a name is nothing at first, and stays so where the ``try`` that would fill it fails."""
    assigns = [binding for binding in values if isinstance(binding, Assign) and binding.value is not None]
    empty = [a for a in assigns if isinstance(a.value, Literal) and a.value.value is None]
    filled = [a for a in assigns if a not in empty]
    tries = [guarding_try(a) for a in filled]
    return bool(empty) and all(one is not None and not any(exits(h.body) for h in one.handlers) for one in tries)


def _plain(expr: Expr | None) -> Expr | None:
    return uncast(expr) if expr is not None else None


def _may_be_nothing(value: Expr) -> bool:
    while isinstance(value, Cast | Await):
        value = value.value
    if isinstance(value, Literal):
        return value.value is None
    if not isinstance(value, Call) or value.new:
        return False
    if value.name == "catch":  # fetch(…).catch(() => null)
        by = value.arg(0)
        given = [node.value for node in returns_in(by)] if isinstance(by, Function) else []
        return any(isinstance(one, Literal) and one.value is None for one in map(_plain, given))
    name = words(value.name)
    return bool(name) and (
        name[0] in _FETCHES or value.name in _ROWS or bool(set(name) & (_POLICIES | {"policy", "entry", "record"}))
    )


class Scene:
    """A function in which one look-up finds nothing."""

    def __init__(self, module: Module, look_up: LookUp) -> None:
        """Take the module and the look-up that finds nothing."""
        self._module = module
        self._text = look_up.text
        self._size = len(look_up.text.encode())
        self._kind = type(look_up.first)
        self._pair = _pair(module, look_up.first)
        self.absence = Absence(module, self._is_it)

    def _is_it(self, expr: Expr) -> bool:
        raw = expr.raw
        if (
            self._pair is not None
            and isinstance(expr, Call | Index | Binary)
            and _pair(self._module, expr) == self._pair
        ):
            return True
        return (
            isinstance(expr, self._kind)
            and raw.end_byte - raw.start_byte == self._size
            and self._module.text_of(expr) == self._text
        )

    def says_yes(self, expr: Expr) -> tuple[bool, bool]:
        """Tell whether an expression means "allowed", and whether the empty look-up is the reason."""
        outcome = self.absence.evaluate(expr)
        return _means_yes(self, expr, outcome), outcome.caused

    def reaches(self, node: Node) -> tuple[bool, bool]:
        """Tell whether control may come to a node, and whether the empty look-up leads there.

        An ``if`` around the node whose test can't be told is taken for another reason to be there.
        """
        led = False
        for condition in conditions(node):
            holds, caused = self.absence.truth(condition.test)
            outcome = self.absence.evaluate(condition.test)
            if outcome.kind == "throws" or (holds is not None and holds is not condition.holds):
                return False, False
            if holds is None and condition.holds and not _is_exit_test(condition.test, node):
                return True, False
            led = led or (caused and holds is condition.holds)
        led = led or self._skips_refusal(node)
        switched = self._switch(node)
        return (False, False) if switched is False else (True, led or switched is True)

    def _skips_refusal(self, node: Node) -> bool:
        """Tell whether an ``if`` before a node, which may refuse, is passed by because the look-up found nothing."""
        beside = siblings(node)
        for earlier in beside[: beside.index(node)] if node in beside else []:
            if not isinstance(earlier, If) or earlier.orelse or exits(earlier.body):
                continue
            holds, caused = self.absence.truth(earlier.test)
            if holds is False and caused and any(_refuses(one) for one in walk(earlier.body, into_functions=False)):
                return True
        return False

    def _switch(self, node: Node) -> bool | None:
        """Tell whether the arm of a switch around the node is taken; None where there is no switch."""
        for around in ancestors(node):
            if isinstance(around, Case) and isinstance(around.parent, Switch):
                subject = self.absence.evaluate(around.parent.subject)
                if subject.kind == "throws":
                    return False
                if subject.kind == "nothing" and subject.caused:
                    return not around.tests
                return None
            if isinstance(around, Function):
                return None
        return None


def _refuses(node: Node) -> bool:
    """Tell whether a node is a plain no: ``return false``, an error."""
    value = uncast(node.value) if isinstance(node, Return) and node.value is not None else None
    return isinstance(node, Throw) or (isinstance(value, Literal) and not value.value)


def _pair(module: Module, expr: Expr) -> tuple[str, str] | None:
    """Return the texts of collection and key of a look-up: the same for ``g.get(k)``, ``g.has(k)`` and ``g[k]``."""
    holder: Expr | None = None
    key: Expr | None = None
    if isinstance(expr, Call) and expr.name in ("get", "has") and expr.args:
        holder, key = expr.receiver, expr.args[0]
    elif isinstance(expr, Index):
        holder, key = expr.object, expr.key
    elif isinstance(expr, Binary) and expr.op in ("in", "not in"):
        holder, key = expr.right, expr.left
    if holder is None or key is None:
        return None
    return module.text_of(holder), module.text_of(key)


def _is_exit_test(test: Expr, node: Node) -> bool:
    """Tell whether a test stands before a node, in a statement of the same block that would have left."""
    return not any(around is test.parent for around in ancestors(node))


def _means_yes(scene: Scene, expr: Expr, outcome: Outcome) -> bool:
    if outcome.kind == "constant":
        value = outcome.value
        if isinstance(value, str):
            return value.lower() in ALLOWING and value.lower() not in REFUSING
        return value is True
    if outcome.kind == "thing" and isinstance(outcome.parts, Object):
        for key in _ANSWERS:
            part = outcome.parts.get(key)
            if part is not None:
                return scene.absence.truth(part)[0] is True
        return False
    return outcome.kind == "unknown" and says(uncast(expr), ALLOWING) and not isinstance(uncast(expr), Name)


def returns_in(function: Function) -> Iterator[Return]:
    """Yield the returns of a function that have a value."""
    for node in walk(function.body, into_functions=False):
        if isinstance(node, Return) and node.value is not None:
            yield node
