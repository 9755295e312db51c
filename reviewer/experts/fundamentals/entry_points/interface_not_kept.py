"""FUN012: a class that is said to keep an interface of the subject and does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer.code.reach.links import definition, knows_all_bases, lineage
from reviewer.code.syntax import Class, Function, If, Member, Name, strip
from reviewer.code.text.promise_types import is_promise_type
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.place import locate
from reviewer.experts.registry.members import derived

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_DYNAMIC: Final = frozenset({"__getattr__", "__getattribute__"})
_MAKERS: Final = frozenset({"__init__", "__new__", "constructor"})
_SHOWN: Final = 4
_INTRODUCTION: Final = 400
"""Characters of a class in which its docstring begins."""
_BASE: Final = regex(r"^\s{0,9}(?:An?\s|The\s)?(?:abstract\s)?(?:base|abstract|mixin)\b", re.IGNORECASE)


@module_check("FUN012", words={"class"})
def interface_not_kept(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the members of each class with what its interfaces require."""
    if module.is_test:
        return
    extended = {_last(base) for cls in module.classes for base in cls.bases}
    for cls in module.classes:
        if cls.kind != "class" or _is_open(cls) or _says_base(cls) or not knows_all_bases_but_markers(cls):
            continue
        halfway = (cls.name in extended or derived(inquiry, cls)) and not any(True for _ in module.calls((cls.name,)))
        owners = lineage(cls)
        contracts = [one for one in owners[1:] if _is_contract(one) and not _only_widens(cls, one)]
        own = {m.name: m for one in reversed(owners) for m in one.methods if not _required(one, m)}
        held = {field.name for one in owners if one.kind == "class" for field in one.fields}
        held |= {name for one in owners for name in one.module.scopes.fields(one)}
        for contract in contracts:
            lacking = [] if halfway else list(_missing(cls, contract, own, held))  # it may be left to who derives
            if (
                lacking
                and module.language == "python"
                and inquiry.subject.kind == "host"
                and not _is_used(inquiry, cls)
                and not _is_misnamed(cls, contract)
            ):
                lacking = [replace(match, confidence=Confidence.POSSIBLE) for match in lacking]
            yield from lacking
            yield from _mismatched(contract, cls, own)


def _is_used(inquiry: Inquiry, cls: Class) -> bool:
    """Tell whether the subject makes an object of a class, or hands it on: others may have it to be filled in."""
    for module in inquiry.project.modules(naming={cls.name}, tests=False):
        for name in module.all(Name):
            if name.id == cls.name and not isinstance(name.parent, Class):
                return True
    return False


def _is_misnamed(cls: Class, contract: Class) -> bool:
    """Tell whether a class has a method that nothing asks for, under a name close to one that it lacks."""
    named = {method.name for one in lineage(cls) for method in one.methods if not _required(one, method)}
    asked = {method.name for one in lineage(cls)[1:] for method in one.methods}
    lacking = [set(words(m.name)) for m in contract.methods if _required(contract, m) and m.name not in named]
    strange = [set(words(m.name)) for m in cls.methods if m.name not in asked and not m.name.startswith("_")]
    return any(one < other or other < one for one in lacking for other in strange)


def knows_all_bases_but_markers(cls: Class) -> bool:
    """Tell whether every base is defined in the subject, or is one that only marks a class."""
    if knows_all_bases(cls):
        return True
    return all(
        _last(base) in ("ABC", "Protocol", "Generic", "object") or isinstance(definition(one.module, base), Class)
        for one in lineage(cls)
        for base in one.bases
    )


def _last(base: Expr) -> str:
    base = strip(base)
    inner = getattr(base, "object", None)
    if isinstance(base, Member):
        return base.name
    if isinstance(base, Name):
        return base.id
    return _last(inner) if inner is not None else ""


def _is_open(cls: Class) -> bool:
    """Tell whether a class is itself abstract, or makes its members up."""
    if cls.raw.type == "abstract_class_declaration" or any(_last(base) in ("ABC", "Protocol") for base in cls.bases):
        return True
    if any(_is_abstract(method) for method in cls.methods) or cls.decorators:
        return True
    if any(isinstance(one, If) and "TYPE_CHECKING" in cls.module.text_of(one.test) for one in ancestors(cls)):
        return True  # it is only there for a type checker
    return any(method.name in _DYNAMIC for one in lineage(cls) for method in one.methods)


def _says_base(cls: Class) -> bool:
    """Tell whether a class says in its first sentence that others are made of it."""
    text = cls.module.text_of(cls)[:_INTRODUCTION]
    return any(quote in text and _BASE.search(text.split(quote, 1)[1]) for quote in ('"""', "'''"))


def _is_abstract(method: Function) -> bool:
    return any(_last(one) == "abstractmethod" for one in method.decorators) or method.raw.type.startswith("abstract_")


def _is_contract(cls: Class) -> bool:
    return cls.kind in ("interface", "type") or any(_is_abstract(method) for method in cls.methods)


def _only_widens(cls: Class, contract: Class) -> bool:
    """Tell whether the base of a class in plain JavaScript is an interface, which adds to the types of a library."""
    return cls.module.language == "javascript" and contract.kind in ("interface", "type")


def _required(owner: Class, method: Function) -> bool:
    """Tell whether a member only says what implementations must have."""
    if _is_abstract(method):
        return True
    return owner.kind in ("interface", "type") and method.signature_only


def _missing(cls: Class, contract: Class, own: dict[str, Function], held: set[str]) -> Iterator[Match]:
    names = [m.name for m in contract.methods if _required(contract, m) and not _optional(m)]
    if contract.module.language != "python":
        names += [field.name for field in contract.fields if not field.optional]
    names = [name for name in names if not name.startswith("__")]  # what every object has
    lacking = [name for name in dict.fromkeys(names) if name not in own and name not in held]
    if lacking:
        listed = ", ".join(f"'{name}'" for name in lacking[:_SHOWN])
        silent = contract.module.language == "python" and contract.kind == "interface"
        sequel = "a call of it does nothing and gives None" if silent else "the host fails where it asks for it"
        yield Match(
            cls,
            f"'{cls.name}' is declared as a '{contract.name}' and lacks {listed}: {sequel}.",
            related=((locate(contract.module, contract), "the interface"),),
        )


def _optional(method: Function) -> bool:
    return any(child.type == "?" for child in method.raw.children)


def _mismatched(contract: Class, cls: Class, own: dict[str, Function]) -> Iterator[Match]:
    """Yield what awaits where the contract does not, the other way round, and what needs more than it is given."""
    for wanted in contract.methods:
        method = own.get(wanted.name)
        if method is None or method.owner is not cls or not _required(contract, wanted) or wanted.kind != method.kind:
            continue
        place = locate(contract.module, wanted)
        said = wanted.module.language == "python" or (method.returns and not method.asynchronous)
        named = wanted.module.language == "python" and not (wanted.asynchronous or method.asynchronous)
        either = "|" in wanted.returns and not all(map(is_promise_type, wanted.returns.strip(" :").split("|")))
        if said and not named and not either and _is_late(wanted) != _is_late(method) and not method.generator:
            what = "awaits it" if _is_late(wanted) else "does not await it"
            yield Match(
                method,
                f"'{cls.name}.{method.name}' is {'' if _is_late(method) else 'not '}asynchronous, in '{contract.name}' "
                f"it is{' not' if _is_late(method) else ''}: whoever calls it {what}.",
                related=((place, "the interface"),),
            )
        needs = [p for p in method.params if p.default is None and not p.optional and not p.rest]
        open_ended = any(p.rest for p in (*wanted.params, *method.params))
        made = method.name in _MAKERS  # whoever makes an object knows of which class
        if len(needs) > len(wanted.params) and not open_ended and not made:
            yield Match(
                method,
                f"'{cls.name}.{method.name}' needs {len(needs)} arguments; '{contract.name}' has {len(wanted.params)}.",
                related=((place, "the interface"),),
            )


def _is_late(function: Function) -> bool:
    return function.asynchronous or is_promise_type(function.returns)
