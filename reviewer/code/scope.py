"""What names mean: bindings, resolved names, and where a value comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeGuard

from reviewer.code.bindings import BINDING, bound, filled, is_still_empty, param_names
from reviewer.code.contexts import context_parameter, is_context_name
from reviewer.code.given_later import declared, given_later
from reviewer.code.reach.call_sites import calls_elsewhere, calls_here
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Cast,
    Class,
    Expr,
    Function,
    Imported,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Opaque,
    Param,
    Return,
    With,
)
from reviewer.code.walk import class_of, function_of, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reviewer.code.bindings import Binding
    from reviewer.code.module import Module


_MOST_SITES: Final = 20
"""Calls of a function that are looked at for what they pass."""
_DEEPEST: Final = 24
"""Steps that name resolution follows before it gives up; real code needs four or five."""
_INTEROP: Final = frozenset(
    {"__importDefault", "__importStar", "_interopRequireDefault", "_interopRequireWildcard", "__toESM"}
)
"""Helpers of compilers that hand a module through."""


class Scopes:
    """The bindings of one module, worked out a function at a time."""

    def __init__(self, module: Module) -> None:
        """Take the module; nothing is looked at yet."""
        self._module = module
        self._tables: dict[int, dict[str, list[Binding]]] = {}
        self._resolved: dict[int, str] = {}
        self._fields: dict[int, dict[str, list[Assign]]] = {}
        self._origins: dict[int, Expr | Param | Imported | None] = {}
        self._passed: dict[tuple[str, int, int], str] = {}

    def table(self, function: Function | None) -> dict[str, list[Binding]]:
        """Return the names bound in a function, or at the top level for None."""
        key = id(function) if function is not None else 0
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = {}
            self._fill(table, function)
        return table

    def _fill(self, table: dict[str, list[Binding]], function: Function | None) -> None:
        body: list[Node]
        if function is None:
            body = list(self._module.body)
        else:
            for param in function.params:
                for name in param_names(param):
                    table.setdefault(name, []).append(param)
            body = [*function.body]
        for node in walk(body, into_functions=False):
            if isinstance(node, BINDING):
                for name, binding in bound(node):
                    table.setdefault(name, []).append(binding)

    def is_param(self, name: Name) -> bool:
        """Tell whether a name means a parameter, and nothing else."""
        bound = self.lookup(name.id, name)
        return len(bound) == 1 and isinstance(bound[0], Param)

    def lookup(self, name: str, at: Node) -> list[Binding]:
        """Return what binds a name as seen from a node; empty for a global."""
        function = at if isinstance(at, Function) else function_of(at)
        while True:
            found = self.table(function).get(name)
            if found:
                return found
            if function is None:
                return []
            if function.kind == "function" and function.name == name and function.owner is None:
                return [function]
            function = function.outer

    # Fields of classes

    def fields(self, cls: Class) -> dict[str, list[Assign]]:
        """Return every ``this.x = value`` in the methods of a class, by field name."""
        found = self._fields.get(id(cls))
        if found is None:
            found = self._fields[id(cls)] = {}
            for method in cls.methods:
                for node in walk(method.body):
                    if isinstance(node, Assign) and is_this_member(node.target):
                        found.setdefault(node.target.name, []).append(node)
        return found

    def field_values(self, cls: Class, name: str) -> list[Expr]:
        """Return all values that a field is given: at class level, by parameter property, by assignment."""
        values = [f.value for f in cls.fields if f.name == name and f.value is not None]
        values.extend(a.value for a in self.fields(cls).get(name, ()) if a.value is not None)
        return values

    # Resolution

    def resolve(self, expr: Expr | None) -> str:
        """Return the dotted name of an expression; see `Module.resolve`."""
        return self._resolve(expr, 0) if expr is not None else ""

    def _resolve(self, expr: Expr, depth: int) -> str:
        known = self._resolved.get(id(expr))
        if known is not None:
            return known
        if depth > _DEEPEST:
            return ""
        self._resolved[id(expr)] = ""  # a name that is defined by itself has no meaning
        name = self._work_out(expr, depth + 1)
        self._resolved[id(expr)] = name
        return name

    def _work_out(self, expr: Expr, depth: int) -> str:
        if isinstance(expr, Name):
            return self._resolve_name(expr, depth)
        if isinstance(expr, Member):
            return self._resolve_member(expr, depth)
        if isinstance(expr, Cast | Await):
            return self._resolve(expr.value, depth)
        if isinstance(expr, Index):
            if isinstance(expr.key, Literal) and isinstance(expr.key.value, str):
                base = self._resolve(expr.object, depth)
                return f"{base}.{expr.key.value}" if base else ""
            return ""
        if isinstance(expr, Call):
            return self._resolve_call(expr, depth)
        if isinstance(expr, Opaque) and expr.kind == "sequence_expression" and expr.items:
            last = expr.items[-1]
            return self._resolve(last, depth) if isinstance(last, Expr) else ""
        return ""

    def _resolve_name(self, expr: Name, depth: int) -> str:
        if expr.id in ("this", "super"):
            return expr.id
        bindings = self.lookup(expr.id, expr)
        if not bindings:
            return "" if expr.id in _UNNAMED else _GLOBAL_ALIASES.get(expr.id, expr.id)
        if len(bindings) > 1:
            bindings = [b for b in bindings if not (isinstance(b, Assign) and b.value is None)] or bindings
        elif isinstance(only := bindings[0], Assign) and is_still_empty(only.value):
            bindings = [*self._given_later(only, expr)]
        names = {self._resolve_binding(expr.id, binding, depth) for binding in bindings[:4]}
        names.discard("")
        return names.pop() if len(names) == 1 else ""

    def _given_later(self, only: Assign, expr: Name) -> list[Assign]:
        """Return what a variable without a value is given by other functions."""
        if not only.declare:  # ``context = undefined`` at the end of a function that used the one around it
            outer = declared(self._module, expr)
            only = outer[0] if len(outer) == 1 and isinstance(outer[0], Assign) else only
        return given_later(self._module, only, expr.id)

    def _resolve_binding(self, name: str, binding: Binding, depth: int) -> str:
        if isinstance(binding, Imported):
            return imported_name(binding)
        if isinstance(binding, Assign):
            if binding.op not in ("=", ":=", "??=", "||="):
                return ""
            return self._resolve(binding.value, depth) if binding.value is not None else ""
        if isinstance(binding, Param):
            return self._resolve_param(name, binding, depth)
        if isinstance(binding, With):
            for value, target in binding.items:
                if isinstance(target, Name) and target.id == name:
                    return self._resolve(value, depth)
        return ""

    def _resolve_param(self, name: str, param: Param, depth: int) -> str:
        function = param.parent
        if not isinstance(function, Function):
            return ""
        base = "context" if context_parameter(function, param) else self._from_call_sites(function, param, depth)
        if not base:
            return ""
        for prop, local in param.fields.items():
            if local == name:
                return f"{base}.{prop}"
        return base

    def holds_context(self, function: Function, param: Param) -> bool:
        """Tell whether a parameter is the plugin's context, by what it is called or by what every call passes."""
        return context_parameter(function, param) or self._from_call_sites(function, param, 0) == "context"

    def _from_call_sites(self, function: Function, param: Param, depth: int) -> str:
        """Return what every call passes for a parameter, when it is one thing of the plugin's context."""
        if depth > _DEEPEST // 2 or param.rest:
            return ""
        project = self._module.project
        passed = self._passed if project is None else project.passed
        key = (self._module.path, function.raw.start_byte, function.params.index(param))
        if key not in passed:
            passed[key] = ""  # what is passed on to itself says nothing
            passed[key] = self._work_out_passed(function, param, depth)
        return passed[key]

    def _work_out_passed(self, function: Function, param: Param, depth: int) -> str:
        found: set[str] = set()
        here = ((self._module, call) for call in calls_here(self._module, function))
        if not self._all_pass_context(here, function, param, depth, found):
            return ""
        elsewhere = calls_elsewhere(self._module, function)
        if elsewhere is None or not self._all_pass_context(elsewhere, function, param, depth, found):
            return ""
        return found.pop() if found else ""

    def _all_pass_context(
        self, sites: Iterator[tuple[Module, Call]], function: Function, param: Param, depth: int, found: set[str]
    ) -> bool:
        """Add what calls pass for a parameter; tell whether it is one thing of the context, as far as is seen."""
        position = function.params.index(param)
        for count, (module, call) in enumerate(sites):
            if count > _MOST_SITES:
                return False
            argument = call.arg(position, param.name)
            if argument is not None and not module.scopes._of_stranger(call):
                found.add(module.scopes._resolve(argument, depth))
                if len(found) > 1 or not all(name.startswith("context") for name in found):
                    return False
        return True

    def _of_stranger(self, call: Call) -> bool:
        """Tell whether a method of something handed in is called, which only shares its name with a function here."""
        receiver = call.receiver
        return isinstance(receiver, Name) and any(
            isinstance(binding, Param) for binding in self.lookup(receiver.id, receiver)
        )

    def _resolve_member(self, expr: Member, depth: int) -> str:
        base = self._resolve(expr.object, depth)
        if not base:
            return ""
        if base in ("globalThis", "window", "self", "global", "builtins") and not self.lookup(base, expr):
            return expr.name
        if base == "this":
            return self._resolve_field(expr, depth)
        if expr.name == "default":
            return base
        return f"{base}.{expr.name}"

    def _resolve_field(self, expr: Member, depth: int) -> str:
        cls = class_of(expr)
        spelled = f"this.{expr.name}"
        if cls is None:
            return spelled
        values = self.field_values(cls, expr.name)
        names = {self._resolve(value, depth) for value in values if not is_still_empty(value)}
        names.discard("")
        if len(names) == 1:
            name = names.pop()
            return spelled if name.startswith("this.") else name
        if is_context_name(expr.name) and not names:
            return "context"
        return spelled

    def _resolve_call(self, call: Call, depth: int) -> str:
        callee = call.callee
        if isinstance(callee, Name) and callee.id in ("require", "import", "__import__"):
            source = call.arg(0)
            if isinstance(source, Literal) and isinstance(source.value, str):
                return module_name(source.value)
            return ""
        name = self._resolve(callee, depth)
        if name == "importlib.import_module":
            source = call.arg(0)
            return source.value if isinstance(source, Literal) and isinstance(source.value, str) else ""
        if call.name in _INTEROP and call.args:
            return self._resolve(call.args[-1], depth)
        if name.endswith(".bind") and call.callee and isinstance(callee, Member):
            return self._resolve(callee.object, depth)
        if self._gives_context(call, depth):
            return "context"
        return f"{name}()" if name else ""

    def _gives_context(self, call: Call, depth: int) -> bool:
        """Tell whether a call runs a function of the file that only hands out the plugin's context."""
        function: object = None
        if is_this_member(call.callee):
            cls = class_of(call)
            function = cls.method(call.callee.name) if cls is not None else None
        elif isinstance(call.callee, Name):
            bindings = self.lookup(call.callee.id, call.callee)
            function = bindings[0] if len(bindings) == 1 else None
        if not isinstance(function, Function) or function.generator or depth > _DEEPEST // 2:
            return False
        given = [node.value for node in walk(function.body, into_functions=False) if isinstance(node, Return)]
        return bool(given) and all(value is not None and self._resolve(value, depth) == "context" for value in given)

    # Origins

    def origin(self, expr: Expr) -> Expr | Param | Imported | None:
        """Follow a name or a field to the one expression that gives it its value.

        Casts and awaits are seen through. A parameter or an import ends the way and is returned; an expression
        that is no name is its own origin; None where several values are possible, but for the nothing at first.
        """
        place = getattr(expr, "start", None)
        if place is None:  # made up by somebody, or of a module that is not lowered as a whole
            return self._origin(expr)
        if place not in self._origins:
            self._origins[place] = self._origin(expr)
        return self._origins[place]

    def origin_by(self, expr: Expr, step: Callable[[Expr], Expr | None]) -> Expr | Param | Imported | None:
        """Follow a value to its origin, and on to the part of that which ``step`` names, until it names none.

        None where no end is in sight: a value may be made of itself, as in ``var node = above(node)``.
        """
        made = self.origin(expr)
        for _ in range(_DEEPEST):
            inner = step(made) if isinstance(made, Expr) else None
            if inner is None:
                return made
            made = self.origin(inner)
        return None

    def _origin(self, expr: Expr) -> Expr | Param | Imported | None:
        for _ in range(_DEEPEST):
            while isinstance(expr, Cast | Await):
                expr = expr.value
            step = self._origin_step(expr)
            if step is None or step is expr or not isinstance(step, Expr):
                return step
            expr = step
        return None

    def _origin_step(self, expr: Expr) -> Expr | Param | Imported | None:
        if isinstance(expr, Name) and expr.id not in ("this", "super"):
            bindings = self.lookup(expr.id, expr)
            if not bindings:
                return expr
            values = [b for b in bindings if not (isinstance(b, Assign) and b.value is None)]
            if len(bindings) == 1 and isinstance(empty := bindings[0], Assign) and is_still_empty(empty.value):
                later = [b for b in self._given_later(empty, expr) if not is_still_empty(b.value)]
                values = [*later] if len(later) == 1 else values
            values = filled(values, expr) if len(values) > 1 else values
            if len(values) != 1:
                return None
            only = values[0]
            if isinstance(only, Assign):
                return only.value if only.op in ("=", ":=") else None
            if isinstance(only, Param | Imported | Function | Class):
                return only
            return None
        if is_this_member(expr):
            cls = class_of(expr)
            values_ = [v for v in self.field_values(cls, expr.name) if not is_still_empty(v)] if cls else []
            return values_[0] if len(values_) == 1 else expr
        return expr


_UNNAMED: Final = frozenset({"undefined", "arguments", "_", ""})
_GLOBAL_ALIASES: Final = {"__builtins__": "builtins"}


def is_this_member(expr: Expr | None) -> TypeGuard[Member]:
    """Tell whether an expression is ``this.x`` itself."""
    return isinstance(expr, Member) and isinstance(expr.object, Name) and expr.object.id == "this"


def module_name(source: str) -> str:
    """Return the dotted name of a module as it is imported: ``node:fs/promises`` is ``fs.promises``."""
    name = source.removeprefix("node:")
    if name.startswith((".", "/", "@")):
        return name
    parts = ("fs/", "path/", "timers/", "stream/", "dns/", "util/")
    return name.replace("/", ".") if name.startswith(parts) else name


def imported_name(imported: Imported) -> str:
    """Return the dotted name that an import binds."""
    base = module_name(imported.source)
    if imported.name in ("*", "default"):
        return base
    return f"{base}.{imported.name}" if not base.endswith(".") else f"{base}{imported.name}"
