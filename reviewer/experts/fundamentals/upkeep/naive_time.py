"""FUN160: a time without a zone meets one that has a zone."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Class, Expr, Literal, Member, Name, strip
from reviewer.code.walk import class_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_OPERATORS: Final = frozenset({"<", "<=", ">", ">=", "-"})
_NOW: Final = frozenset({"datetime.datetime.now", "datetime.datetime.today"})
_DEEPEST: Final = 6
_OF_OTHERS: Final = 2
"""Steps after which no other file is asked any more."""


@module_check("FUN160", words={"now", "utcnow", "today"})
def naive_time_against_aware_time(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison and difference of two times for one with and one without a zone."""
    if module.is_test or module.language != "python" or "datetime" not in module.identifiers:
        return
    for node in module.all(Binary):
        if node.op not in _OPERATORS or isinstance(node.left, Literal) or isinstance(node.right, Literal):
            continue
        for naive, aware in ((node.left, node.right), (node.right, node.left)):
            if _zone(module, naive) is False and _zone(module, aware) is True:
                yield Match(
                    node,
                    f"'{short(module.text_of(naive))}' has no zone and '{short(module.text_of(aware))}' has one: "
                    "Python raises TypeError whenever the two meet.",
                )
                break


def _zone(module: Module, expr: Expr, depth: int = 0) -> bool | None:
    """Tell whether a time has a zone; None where it is no time, or nobody says."""
    expr = strip(expr)
    if depth > _DEEPEST:
        return None
    if isinstance(expr, Call):
        return _zone_of_call(module, expr, depth)
    if isinstance(expr, Binary) and expr.op in ("+", "-"):
        return _zone(module, expr.left, depth + 1)
    if isinstance(expr, Name):
        given = [b.value for b in module.scopes.lookup(expr.id, expr) if isinstance(b, Assign) and b.value is not None]
        return _agreed(_zone(module, value, depth + 1) for value in given)
    if isinstance(expr, Member):
        return _zone_of_member(module, expr, depth)
    return None


def _agreed(zones: Iterator[bool | None]) -> bool | None:
    """Return what all say that say anything; None where they differ, or nobody does."""
    said = {zone for zone in zones if zone is not None}
    return said.pop() if len(said) == 1 else None


def _zone_of_call(module: Module, call: Call, depth: int) -> bool | None:
    name = module.resolve(call.callee)
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
            return module.text_of(call.keywords["tzinfo"]) != "None"
        return _zone(module, call.receiver, depth + 1)
    return None


def _zone_of_member(module: Module, member: Member, depth: int) -> bool | None:
    """Ask every place of the subject that gives a field of this name its value."""
    if member.name in ("min", "max"):
        return None
    own = (_zone(module, value, depth + 1) for value in _given(module, member))
    return _agreed(chain(own, _told_elsewhere(module, member.name) if depth < _OF_OTHERS else ()))


def _told_elsewhere(module: Module, name: str) -> Iterator[bool]:
    """Yield what the files that use this one, or that it uses, say of a field by the values that they give it."""
    project = module.project
    if project is None:
        return
    used = {project.target(module.path, imported.source) for imported in module.imports}
    near = used.union(project.paths({name}, tests=False, using=module.path)) - {module.path}
    for path, zones in project.answers("upkeep.zones", _zones, {"datetime"}) if near else ():
        if path in near and name in zones:
            yield from zones[name]


def _zones(module: Module) -> tuple[str, dict[str, frozenset[bool]]]:
    """Return the path of a module, and by name of a field whether the times that it is given there have a zone."""
    found: dict[str, set[bool]] = defaultdict(set)
    for name, value in _all_given(module):
        zone = _zone(module, value, _OF_OTHERS)
        if zone is not None:
            found[name].add(zone)
    return module.path, {name: frozenset(zones) for name, zones in found.items()}


def _all_given(module: Module) -> Iterator[tuple[str, Expr]]:
    """Yield what a module gives to fields of objects, each with the name of the field."""
    fields = {cls.name: [field.name for field in cls.fields] for cls in module.classes if cls.name and cls.fields}
    for node in module.all(Assign):
        if isinstance(node.target, Member) and node.value is not None:
            yield node.target.name, node.value
    for call in module.all(Call):
        if call.name[:1].isupper():
            yield from call.keywords.items()
            yield from zip(fields.get(call.name, ()), call.args, strict=False)


def _given(module: Module, member: Member) -> Iterator[Expr]:
    """Yield the values that a module gives to fields of a name."""
    own = class_of(member) if isinstance(member.object, Name) and member.object.id == "this" else None
    for node in module.all(Assign):
        target = node.target
        named = isinstance(target, Member) and target.name == member.name and node.value is not None
        if named and node.value is not None and (own is None or class_of(node) in (own, None)):
            yield node.value
    for call in module.all(Call):
        if member.name in call.keywords and call.name[:1].isupper():
            yield call.keywords[member.name]
    for cls in _with_field(module, member.name):
        position = [field.name for field in cls.fields].index(member.name)
        for call in module.calls((cls.name,)):
            value = call.arg(position)
            if value is not None:
                yield value


def _with_field(module: Module, name: str) -> list[Class]:
    return [cls for cls in module.classes if cls.name and any(field.name == name for field in cls.fields)]
