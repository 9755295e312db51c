"""FUN160: a time without a zone meets one that has a zone."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Final

from reviewer.code.standing import Standing
from reviewer.code.syntax import Assign, Binary, Call, Class, Expr, Literal, Member, Name, strip
from reviewer.code.walk import class_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_OPERATORS: Final = frozenset({"<", "<=", ">", ">=", "-"})
_NOW: Final = frozenset({"datetime.datetime.now", "datetime.datetime.today"})
_DEEPEST: Final = 20


@module_check("FUN160", words={"now", "utcnow", "today"})
def naive_time_against_aware_time(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison and difference of two times for one with and one without a zone."""
    if module.is_test or module.language != "python" or "datetime" not in module.identifiers:
        return
    zones = _Zones(module, alone=False)
    for node in module.all(Binary):
        if node.op not in _OPERATORS or isinstance(node.left, Literal) or isinstance(node.right, Literal):
            continue
        for naive, aware in ((node.left, node.right), (node.right, node.left)):
            if zones.of(naive) is False and zones.of(aware) is True:
                yield Match(
                    node,
                    f"'{short(module.text_of(naive))}' has no zone and '{short(module.text_of(aware))}' has one: "
                    "Python raises TypeError whenever the two meet.",
                )
                break


class _Zones:
    """What the expressions of one module say of times; each is asked once, whoever asks.

    ``alone`` keeps to the module: what files say to each other about their fields begins with what each knows itself.
    """

    def __init__(self, module: Module, *, alone: bool) -> None:
        """Take the module; nothing is worked out yet."""
        self._module = module
        self._alone = alone
        self._known: dict[int, bool | None] = {}

    def of(self, expr: Expr, depth: int = 0) -> bool | None:
        """Tell whether a time has a zone; None where it is no time, or nobody says."""
        expr = strip(expr)
        if id(expr) not in self._known and depth <= _DEEPEST:
            self._known[id(expr)] = None  # what is defined by itself says nothing
            self._known[id(expr)] = self._work_out(expr, depth + 1)
        return self._known.get(id(expr))

    def _work_out(self, expr: Expr, depth: int) -> bool | None:
        if isinstance(expr, Call):
            return self._of_call(expr, depth)
        if isinstance(expr, Binary) and expr.op in ("+", "-"):
            apart = expr.op == "-" and self.of(expr.right, depth) is not None  # how far, and no time
            return None if apart else self.of(expr.left, depth)
        if isinstance(expr, Name):
            bound = self._module.scopes.lookup(expr.id, expr)
            return _agreed(self.of(b.value, depth) for b in bound if isinstance(b, Assign) and b.value is not None)
        if isinstance(expr, Member) and expr.name not in ("min", "max"):
            own = class_of(expr) if isinstance(expr.object, Name) and expr.object.id == "this" else None
            given = _given(self._module).get(expr.name, ())
            here = (self.of(value, depth) for cls, value in given if own is None or cls in (own, None))
            return _agreed(chain(here, () if self._alone else _told_elsewhere(self._module, expr.name)))
        return None

    def _of_call(self, call: Call, depth: int) -> bool | None:
        name = self._module.resolve(call.callee)
        if name in _NOW:
            return bool(call.args or call.keywords)
        if name in ("datetime.datetime.utcnow", "datetime.datetime.utcfromtimestamp"):
            return False
        if name == "datetime.datetime.fromtimestamp":
            return len(call.args) > 1 or "tz" in call.keywords
        if name in ("datetime.datetime", "datetime.datetime.combine") and "tzinfo" in call.keywords:
            return True
        if call.name == "astimezone":
            return True
        if call.name == "replace" and call.receiver is not None:
            if "tzinfo" in call.keywords:
                return self._module.text_of(call.keywords["tzinfo"]) != "None"
            return self.of(call.receiver, depth)
        return None


def _agreed(zones: Iterator[bool | None]) -> bool | None:
    """Return what all say that say anything; None where they differ, or nobody does."""
    said = {zone for zone in zones if zone is not None}
    return said.pop() if len(said) == 1 else None


def _told_elsewhere(module: Module, name: str) -> Iterator[bool]:
    """Yield what the files that use this one, or that it uses, say of a field by the values that they give it."""
    project = module.project
    if project is None:
        return
    used = {project.target(module.path, imported.source) for imported in module.imports}
    near = used.union(project.paths({name}, tests=False, using=module.path)) - {module.path}
    for path, zones in _TOLD.of(project) if near else ():
        if path in near and name in zones:
            yield from zones[name]


def _zones(module: Module) -> tuple[str, dict[str, frozenset[bool]]]:
    """Return the path of a module, and by name of a field whether the times that it is given there have a zone."""
    zones = _Zones(module, alone=True)
    told = {name: {zones.of(value) for _cls, value in given} - {None} for name, given in _given(module).items()}
    return module.path, {name: frozenset(map(bool, said)) for name, said in told.items() if said}


_TOLD: Final = Standing("upkeep.zones", _zones, {"datetime"})


def _given(module: Module) -> Mapping[str, list[tuple[Class | None, Expr]]]:
    """Return what a module gives to fields of objects, by name of the field, with the class in whose code it does."""
    return module.once("upkeep.given", lambda: _all_given(module))


def _all_given(module: Module) -> dict[str, list[tuple[Class | None, Expr]]]:
    found: dict[str, list[tuple[Class | None, Expr]]] = defaultdict(list)
    fields = {cls.name: [field.name for field in cls.fields] for cls in module.classes if cls.name and cls.fields}
    for node in module.all(Assign):
        if isinstance(node.target, Member) and node.value is not None:
            found[node.target.name].append((class_of(node), node.value))
    for call in module.all(Call):
        if call.name[:1].isupper():
            for name, value in chain(call.keywords.items(), zip(fields.get(call.name, ()), call.args, strict=False)):
                found[name].append((None, value))
    return found
