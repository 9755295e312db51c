"""API008: a member that a plugin may leave out is taken apart or looked for nowhere, and called as if it were there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import declared_type, lineage, named_type
from reviewer.code.syntax import Assign, Call, Cast, Class, Expr, Function, Literal, Member, Name, Param, strip
from reviewer.code.walk import function_of, names_in
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.api.optional_members import optional_members
from reviewer.experts.api.presence import is_guarded
from reviewer.experts.api.vocabulary import spelled
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.brought import is_brought, loads_something
from reviewer.experts.lifecycle.values import value_class
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_EACH: Final = frozenset({"map", "forEach", "filter", "flatMap", "some", "every", "find", "toSorted", "slice"})
_ELEMENT: Final = regex(r"^(?:readonly )?(?:(\w+)\[\]|(?:Readonly)?(?:Array|Set|Iterable|Map)<(?:[\w\s]+,\s*)?(\w+)>)$")
"""A type of many, with that of each."""
_GENERIC: Final = frozenset("get set has call apply bind then catch finally toString keys values items".split())
_SHARED: Final = 2
"""Members that a contract and the calls of a guest have in common, so that it is the contract of that guest."""


@module_check("API008")
def optional_taken_apart(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is called under the name that an optional member was given: ``const { snapshot } = old``."""
    if module.is_test or module.language == "python":
        return
    for call in module.all(Call):
        callee = _called(call)
        if callee is None or call.optional:
            continue
        bound = module.scopes.lookup(callee.id, callee)
        if any(isinstance(one, Assign) and one.value is not None and _is_cast(one.value) for one in bound):
            continue  # told where it is taken apart
        taken = _taken(module, callee, bound[0]) if len(bound) == 1 else None
        cls, name = taken if taken is not None else (None, "")
        declared = optional_members(cls).get(name) if cls is not None else None
        if cls is None or declared is None or _asked(module, call, callee.id, name):
            continue
        yield Match(
            call,
            f"'{name}' is an optional member of '{cls.name or 'its type'}', and it is called here without asking "
            "whether it is there: with a plugin that lacks it this fails.",
            related=((locate(cls.module, declared), "here it may be missing"),),
        )


def _is_cast(value: Expr) -> bool:
    return isinstance(value, Member) and isinstance(value.object, Cast)


def _called(call: Call) -> Name | None:
    """Return the name that a call runs: ``rehearse()``, ``rehearse!.call(pack)``."""
    callee = strip(call.callee)
    if isinstance(callee, Member) and callee.name in ("call", "apply", "bind") and not callee.optional:
        callee = strip(callee.object)
    return callee if isinstance(callee, Name) else None


def _taken(module: Module, callee: Name, bound: object) -> tuple[Class | None, str] | None:
    """Return the class and the member that a name was given of: of what is taken apart, or of a parameter that is."""
    if isinstance(bound, Assign) and isinstance(bound.value, Member) and bound.default is None and bound.op == "=":
        return value_class(module, bound.value.object), bound.value.name
    if isinstance(bound, Param) and callee.id in bound.fields.values() and callee.id not in bound.fallbacks:
        name = next(prop for prop, local in bound.fields.items() if local == callee.id)
        if "." in name:
            return None
        return (named_type(module, bound.type) if bound.type else _element_class(module, bound)), name
    return None


def _element_class(module: Module, param: Param) -> Class | None:
    """Return the class of the elements that a function is told one after the other: ``sails.map(({ reef }) => …)``."""
    call = param.parent.parent if isinstance(param.parent, Function) else None
    if not isinstance(call, Call) or call.receiver is None or call.name not in _EACH:
        return None
    held = strip(call.receiver)
    while isinstance(held, Call) and held.name in _EACH and held.receiver is not None:
        held = strip(held.receiver)  # ``sails.filter(…).map(…)``
    if isinstance(held, Call) and held.name == "values" and held.receiver is not None:
        held = strip(held.receiver)
    found = _ELEMENT.match(declared_type(module, held).strip())
    return named_type(module, found.group(1) or found.group(2)) if found is not None else None


def _asked(module: Module, call: Call, local: str, name: str) -> bool:
    """Tell whether somebody asks for a member before its call, by its name or by the name that it was given."""
    tests = [condition.test for condition in conditions(call)]
    return any(local in names_in(test) or f".{name}" in module.text_of(test) for test in tests)


@module_check("API008")
def called_beside_contract(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is called of a guest that the contract of such guests does not name, and nobody asked for."""
    if module.is_test or inquiry.subject.kind != "host" or not loads_something(module.source):
        return
    contracts = [cls for cls in module.classes if _is_contract(cls)]
    used: dict[tuple[Node | None, str], list[Member]] = {}
    for call in module.all(Call) if contracts else ():
        use = strip(call.callee)
        held = strip(use.object) if isinstance(use, Member) else None
        if isinstance(use, Member) and isinstance(held, Name) and not (call.optional or use.optional):
            used.setdefault((function_of(use), held.id), []).append(use)
    for (_function, held_name), uses in used.items():
        names = {use.name for use in uses}
        contract = next((one for one in contracts if len(_members(one) & names) >= _SHARED), None)
        if contract is None or not is_brought(module, strip(uses[0].object)):
            continue
        known = _members(contract)
        aware = any(use.name not in known and is_guarded(module, use) for use in uses)
        for use in uses:
            if use.name in known | _GENERIC or is_guarded(module, use) or _is_looked_for(module, use.name):
                continue
            yield Match(
                use.parent if isinstance(use.parent, Call) else use,
                f"'{use.name}' of '{held_name}' is no member that '{contract.name}' asks of it, and it is called here "
                "without asking whether it is there: with a plugin that lacks it this fails.",
                related=((contract, "the contract"),),
                confidence=None if aware else Confidence.POSSIBLE,
            )


@module_check("API008", words={"protocol", "abc", "abstractmethod"})
def called_of_another_contract(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is called of a value that a contract of Python stands for, and that another contract asks for."""
    if module.is_test or module.language != "python":
        return
    contracts = [cls for cls in module.classes if _is_contract(cls)]
    for call in module.all(Call) if len(contracts) > 1 else ():
        use = strip(call.callee)
        if not isinstance(use, Member) or use.name in _GENERIC or use.name.startswith("__"):
            continue
        other = next((one for one in contracts if use.name in _members(one)), None)
        cls = value_class(module, use.object) if other is not None else None
        if cls is None or other is None or cls not in contracts or use.name in _members(cls) or cls in lineage(other):
            continue
        if is_guarded(module, use) or _is_looked_for(module, use.name):
            continue
        yield Match(
            call,
            f"'{use.name}' is a member of '{other.name}', and this is any '{cls.name}', which need not have it: with a "
            "plugin that is no such thing this fails.",
            related=((other, "only these have it"), (cls, "this is any")),
        )


def _is_contract(cls: Class) -> bool:
    """Tell whether a class only says what others have: an interface, a protocol, an abstract class."""
    if cls.kind == "interface":
        return True
    abstract = any(spelled(base) in ("ABC", "ABCMeta", "Protocol") for one in lineage(cls) for base in one.bases)
    return abstract and bool(cls.methods) and all(method.signature_only for method in cls.methods)


def _members(cls: Class) -> frozenset[str]:
    """Return the names of what a contract asks for, its bases included."""
    owners = lineage(cls)
    return frozenset(
        [one.name for owner in owners for one in owner.methods] + [one.name for owner in owners for one in owner.fields]
    )


def _is_looked_for(module: Module, name: str) -> bool:
    """Tell whether the file asks somewhere for a member by its name as a text: it is not forgotten, then."""
    return any(literal.value == name and not isinstance(literal.parent, Function) for literal in module.all(Literal))
