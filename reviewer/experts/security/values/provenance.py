"""Where the value of an expression comes from: the file itself, settings, messages, requests, servers, plugins."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.given_later import given_later
from reviewer.code.reach.links import definition
from reviewer.code.reach.made import held
from reviewer.code.reach.used_as import stores
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
    Expr,
    For,
    Function,
    Handler,
    Imported,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Regex,
    Return,
    Template,
    Unary,
    With,
    strip,
)
from reviewer.code.walk import class_of, walk
from reviewer.experts.security.reaching.component_state import state_values
from reviewer.experts.security.values.called_with import called_elsewhere, handed
from reviewer.experts.security.values.given_back import gives_digest, refuses
from reviewer.experts.security.values.guards import limited
from reviewer.experts.security.values.origins import Origin, Trace
from reviewer.experts.security.values.parameters import kind_of_param
from reviewer.experts.security.values.pieces import pieces_of, sources_of, written_out
from reviewer.experts.security.values.places import is_constant, kind_of_call, kind_of_path
from reviewer.experts.security.values.receivers import counts, is_imported, is_measure, is_number, is_of_numbers
from reviewer.experts.security.values.source_words import (
    KEEPERS,
    KNOWN,
    LOOPS,
    PLAIN,
    PLAIN_MEMBERS,
    PROMISED,
    makes_harmless,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.code.module import Module

_MOST: Final = 150
"""Expressions that are followed for one value."""
_MOST_JUMPS: Final = 3
"""Functions that a value is followed through."""

_MOST_STORES: Final = 60
"""Values put into a collection of one file that are looked at."""
_MOST_FIELDS: Final = 4
"""Fields one in another that are told apart."""
_SAME: Final = frozenset({"freeze", "seal", "readonly", "structuredClone", "deepcopy", "copy", "MappingProxyType"})
"""Calls that give a record with the fields of the one that they are given."""


def trace(module: Module, expr: Expr, plain: frozenset[str] = frozenset()) -> Trace:
    """Follow the value of an expression back to where it comes from.

    ``plain`` are further calls whose result can do no harm where the value is going.
    """
    tracer = _Tracer(module, plain)
    tracer.follow(expr)
    return tracer.made


class _Tracer:
    """Follows one value; every expression once."""

    def __init__(self, module: Module, plain: frozenset[str]) -> None:
        self.made = Trace()
        self._module = module
        self._plain = PLAIN | plain
        self._wanted: tuple[str, ...] = ()
        """The fields that are taken from what is followed, one after the other."""
        self._seen: dict[int, set[tuple[str, ...]]] = {}
        self._steps = 0
        self._jumps = 0

    def _add(self, kind: str, node: Node) -> None:
        if kind and not any(o.kind == kind and o.node is node for o in self.made.origins):
            self.made.origins.append(Origin(kind, node, self._module.text_of(node)))

    def follow(self, expr: Node | None) -> None:
        """Add the origins of an expression."""
        while isinstance(expr, Cast | Await):
            expr = expr.value
        if expr is None or self._wanted in (seen := self._seen.setdefault(id(expr), set())):
            return
        seen.add(self._wanted)
        self._steps += 1
        if self._steps > _MOST:
            self._add("unknown", expr)
            return
        if isinstance(expr, Literal | Regex | Function | Class | Unary):
            return
        if isinstance(expr, Name):
            self._name(expr)
        elif isinstance(expr, Member):
            self._member(expr)
        elif isinstance(expr, Index):
            self._index(expr)
        elif isinstance(expr, Call):
            self._call(expr)
        else:
            self._parts(expr)

    def _with(self, wanted: tuple[str, ...], expr: Node | None) -> None:
        """Follow an expression from which other fields are taken."""
        before, self._wanted = self._wanted, wanted[:_MOST_FIELDS]
        self.follow(expr)
        self._wanted = before

    def _parts(self, expr: Node) -> None:
        if isinstance(expr, Object) and self._wanted and (value := expr.get(self._wanted[0])) is not None:
            self._with(self._wanted[1:], value)
            return
        parts = pieces_of(self._module, expr)
        if parts is None:
            self._add("unknown", expr)
        whole = isinstance(expr, Template) or (isinstance(expr, Binary) and expr.op in ("+", "%", "/"))
        for part in parts or ():
            self._with(() if whole else self._wanted, part)

    def _spelled(self, expr: Name | Member | Index) -> None:
        around = expr.parent
        taken = isinstance(around, Member | Index) and around.object is expr and id(around) in self._seen
        (self.made.names.holders if taken else self.made.names.own).add(self._module.text_of(expr))

    # Names

    def _name(self, expr: Name) -> None:
        module = self._module
        if expr.id == "this" or module.resolve(expr) in KNOWN or expr.id in KNOWN:
            return
        self._spelled(expr)
        bindings = module.scopes.lookup(expr.id, expr)
        if not bindings:
            self._add(kind_of_path(module, expr) or "unknown", expr)
        for binding in bindings[:8]:
            if isinstance(binding, Assign):
                self._given(binding, expr)
            elif isinstance(binding, Param):
                self._param(binding, expr)
            elif isinstance(binding, For | Comprehension) and counts(binding, expr.id):
                continue
            elif isinstance(binding, For | With | Comprehension):
                for source in sources_of(binding):
                    self.follow(source)
            elif isinstance(binding, Imported) and not is_constant(expr):
                self._imported(binding, expr)
            elif isinstance(binding, Handler):
                self._add("unknown", expr)

    def _given(self, binding: Assign, expr: Name) -> None:
        """Follow what a variable is given, what is added to the collection in it, and the state that it shows."""
        self.follow(binding.value)
        self.follow(binding.default)
        for later in given_later(self._module, binding, expr.id) if binding.value is None else ():
            self.follow(later.value)
        value = strip(binding.value) if binding.value is not None else None
        for item in held(self._module, expr, value):
            self.follow(item)
        for target, item in stores(self._module)[:_MOST_STORES] if isinstance(value, Object | Call) else ():
            if getattr(target, "id", "") == expr.id and binding in self._module.scopes.lookup(expr.id, target):
                self.follow(item)
        if isinstance(value, Index) and isinstance(made := strip(value.object), Call) and made.name == "useState":
            for argument in state_values(self._module, binding, made):
                self.follow(argument)

    def _imported(self, binding: Imported, expr: Name) -> None:
        project = self._module.project
        found = project.definition(self._module, binding) if project is not None else None
        if found is None:
            self._add(kind_of_path(self._module, expr) or "unknown", expr)
        elif not isinstance(found, Function | Class) and any(isinstance(node, Name | Call) for node in walk(found)):
            self._add("unknown", expr)

    # Parameters

    def _param(self, param: Param, expr: Name) -> None:
        function = param.parent
        if not isinstance(function, Function):
            self._add("unknown", expr)
            return
        callback = function.parent if isinstance(function.parent, Call) else None
        if callback is not None and callback.name in LOOPS | PROMISED and callback.callee is not function:
            self.follow(callback.receiver)
            return
        kind = kind_of_param(self._module, function, param, expr.id)
        if kind == "context":
            return
        if kind not in ("", "parameter"):
            self._add(kind, expr)
            return
        if is_of_numbers(param.type):
            return
        if not self._from_sites(function, param, expr.id) or called_elsewhere(self._module, function):
            self._add("parameter", expr)

    def _from_sites(self, function: Function, param: Param, name: str) -> bool:
        """Follow what the calls of a function pass, or the field of it that has a name here; tell if there are any."""
        field = next((field for field, local in param.fields.items() if local == name), "")
        if not function.name or self._jumps >= _MOST_JUMPS or param.rest or not (param.name or field):
            return False
        self._jumps += 1
        found = False
        before, self._wanted = self._wanted, (field, *self._wanted) if field else self._wanted
        for where, call, argument in handed(self._module, function, param):
            found = True
            if limited(where, [argument], call):
                continue
            if where is self._module:
                self.follow(argument)
            else:
                self._in(where, partial(_Tracer.follow, expr=argument))
        self._wanted = before
        self._jumps -= 1
        return found

    def _in(self, module: Module, work: Callable[[_Tracer], None]) -> None:
        """Go on with the same value in another file."""
        there = _Tracer(module, self._plain)
        there.made, there._jumps, there._steps, there._wanted = self.made, self._jumps, self._steps, self._wanted
        work(there)
        self._steps = there._steps

    # Members, items, calls

    def _member(self, expr: Member) -> None:
        module = self._module
        name = module.resolve(expr)
        if expr.name in PLAIN_MEMBERS or name in KNOWN:
            return
        self._spelled(expr)
        base = module.scopes.origin(expr.object)
        if isinstance(base, Object) and base.get(expr.name) is not None:
            self.follow(base.get(expr.name))
            return
        kind = kind_of_path(module, expr)
        if kind:
            if not written_out(self._module, expr):
                self._add(kind, expr)
        elif is_this_member(expr):
            self._field(expr)
        elif not is_number(module, expr):
            self._with((expr.name, *self._wanted), expr.object)

    def _field(self, expr: Member) -> None:
        cls = class_of(expr)
        if cls is None or not self._kept(cls, expr.name):
            self._add("unknown", expr)

    def _kept(self, cls: Class, name: str) -> bool:
        """Follow what the objects of a class have in a field; tell if anything is known of it."""
        values = self._module.scopes.field_values(cls, name)
        for value in values[:6]:
            self.follow(value)
        for target, value in stores(self._module)[:_MOST_STORES]:
            if is_this_member(target) and target.name == name and class_of(target) is cls:
                self.follow(value)
        return bool(values)

    def _of_record(self, expr: Call, target: object) -> bool:
        """Follow the field that is taken of what a call makes; tell if the call says what it holds."""
        if expr.name in _SAME and len(expr.args) == 1:
            self.follow(expr.args[0])
            return True
        given = expr.keywords.get(self._wanted[0]) if expr.name[:1].isupper() else None
        if given is not None:  # a record that is made by the names of its fields
            self._with(self._wanted[1:], given)
            return True
        return isinstance(target, Class) and self._jumps < _MOST_JUMPS and self._of_object(target)

    def _of_object(self, made: Class) -> bool:
        """Follow the field that is taken of an object of the subject's own class; tell if anything is known of it."""
        name, *further = self._wanted
        found = False

        def go(there: _Tracer) -> None:
            nonlocal found
            before, there._wanted = there._wanted, tuple(further)
            found = there._kept(made, name)
            there._wanted = before

        self._jumps += 1
        self._in(made.module, go)
        self._jumps -= 1
        return found

    def _index(self, expr: Index) -> None:
        module = self._module
        kind = kind_of_path(module, expr)
        self._spelled(expr)
        if kind:
            self._add(kind, expr)
            return
        key = expr.key.value if isinstance(expr.key, Literal) else None
        if isinstance(key, int) and self._of_pair(strip(expr.object), key):
            return
        self._with((key, *self._wanted) if isinstance(key, str) else self._wanted, expr.object)

    def _of_pair(self, made: Expr, place: int) -> bool:
        """Follow one of several values that a function of the file gives at once; tell if it does."""
        target = definition(self._module, made.callee) if isinstance(made, Call) else None
        if not isinstance(target, Function) or target.module is not self._module or self._jumps >= _MOST_JUMPS:
            return False
        given = [strip(one.value) for one in returns_of(target) if one.value is not None]
        if not given or not all(isinstance(one, Array) and len(one.items) > place for one in given):
            return False
        self._jumps += 1
        for one in given:
            self.follow(one.items[place] if isinstance(one, Array) else one)
        self._jumps -= 1
        return True

    def _call(self, expr: Call) -> None:
        module = self._module
        name = module.resolve(expr.callee)
        if expr.name in self._plain or name in self._plain or f"{name}()" in KNOWN or makes_harmless(expr.name):
            return
        if is_measure(expr):
            return
        kind = kind_of_call(module, expr)
        if kind:
            self._add(kind, expr)
            return
        if expr.receiver is not None and expr.name in KEEPERS:
            self.follow(expr.receiver)
            return
        target = definition(module, expr.callee)
        if self._wanted and self._of_record(expr, target):
            return
        if isinstance(target, Function) and gives_digest(target):
            return
        if isinstance(target, Function) and self._jumps < _MOST_JUMPS:
            if target.module is module:
                self._returned(target)
                return
            if refuses(target):
                self._in(target.module, lambda there: there._returned(target))
                return
        if expr.name == "map" and expr.args:
            self._mapped(expr)
            return
        if expr.receiver is not None and not is_imported(module, expr.receiver):
            self._with((), expr.receiver)
        for argument in [*expr.args, *expr.keywords.values()]:
            self._with((), argument)
        if not expr.args and expr.receiver is None and not expr.new:
            self._add("unknown", expr)

    def _mapped(self, expr: Call) -> None:
        """Follow what a callback makes of each item; one that makes items harmless ends the way."""
        by = strip(expr.args[0])
        if isinstance(by, Function):
            self._returned(by)
            return
        name = self._module.text_of(by).rsplit(".", 1)[-1]
        if not makes_harmless(name) and name not in self._plain:
            self.follow(expr.receiver)

    def _returned(self, function: Function) -> None:
        self._jumps += 1
        for node in walk(function.body, into_functions=False):
            if isinstance(node, Return) and node.value is not None:
                for part in node.value.holes if isinstance(node.value, Template) else [node.value]:
                    if not (isinstance(part, Name) and limited(function.module, [part], node)):
                        self.follow(part)
        self._jumps -= 1
