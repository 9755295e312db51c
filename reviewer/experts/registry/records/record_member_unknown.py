"""REG007: a member is read from a record whose class has none of that name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import conditions, guarding_try
from reviewer.code.reach.links import class_of_value, definition, lineage
from reviewer.code.syntax import Assign, Call, Class, Index, Literal, Member, Name, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.members import derived, given_from_outside, members_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_RECORDS = ("dataclass", "NamedTuple")


@module_check("REG007", words={"dataclass", "tuple", "dataclasses"})
def record_member_unknown(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look up what is read from a value that is declared as a record, which has the fields of its class and no more."""
    if module.is_test or module.language != "python":
        return
    seen: set[tuple[str, str]] = set()
    for member in module.all(Member):
        if isinstance(member.object, Name) and member.object.id == "this":
            continue
        if member.name.startswith("__") or _is_made_or_called(member):
            continue
        cls = class_of_value(module, member.object) or _made_by_its_class(module, member.object)
        if cls is None or (cls.name, member.name) in seen or not is_record(cls):
            continue
        known = members_of(cls)
        if known is None or member.name in known or _asked(module, member):
            continue
        if derived(inquiry, cls) or given_from_outside(inquiry, member.name):
            continue
        seen.add((cls.name, member.name))
        fields = ", ".join(field.name for field in cls.fields[:12])
        yield Match(
            member,
            f"'{member.name}' is read from a '{cls.name}', which has no such member: it has {fields}.",
        )


@module_check("REG007", words={"typed"})
def key_unknown_to_type(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look up the keys that are read of a dictionary whose type says which it has."""
    if module.is_test or module.language != "python":
        return
    seen: set[str] = set()
    for index in module.all(Index):
        key = strip(index.key)
        if not isinstance(key, Literal) or not isinstance(key.value, str) or _is_written(index):
            continue
        cls = class_of_value(module, index.object)
        known = _keys(cls) if cls is not None else None
        if cls is None or known is None or key.value in known or key.value in seen:
            continue
        seen.add(key.value)
        yield Match(
            index,
            f"'{key.value}' is read from a '{cls.name}', which has no such key: it has {', '.join(known[:12])}.",
        )


def _made_by_its_class(module: Module, expr: Expr) -> Class | None:
    """Return the class that a value was made by, where one of its methods says so: ``Slip.read(given)``."""
    made = module.scopes.origin(strip(expr)) if isinstance(strip(expr), Name) else None
    holder = strip(made.receiver) if isinstance(made, Call) and made.receiver is not None else None
    cls = definition(module, holder) if isinstance(holder, Name) and isinstance(made, Call) else None
    method = cls.method(made.name) if isinstance(cls, Class) and isinstance(made, Call) else None
    if method is None or not isinstance(cls, Class) or method.asynchronous or method.generator:
        return None
    return cls if method.returns.strip("'\" ") in (cls.name, "Self", "typing.Self") else None


def _keys(cls: Class) -> list[str] | None:
    """Return the keys that a class of the kind ``TypedDict`` names, its bases included; None for another class."""
    owners = lineage(cls)
    outside = {
        owner.module.resolve(base).rsplit(".", 1)[-1]
        for owner in owners
        for base in owner.bases
        if not isinstance(definition(owner.module, base), Class)
    }
    return [field.name for owner in owners for field in owner.fields] if outside == {"TypedDict"} else None


def _is_written(index: Index) -> bool:
    parent = index.parent
    return (isinstance(parent, Assign) and parent.target is index) or guarding_try(index) is not None


def is_record(cls: Class) -> bool:
    """Tell whether all that an instance has is written in its class."""
    named = [cls.module.resolve(one) for one in (*cls.decorators, *cls.bases)]
    return bool(cls.fields) and any(word in name for name in named for word in _RECORDS)


def _is_made_or_called(member: Member) -> bool:
    """Tell whether a member is given here, or called: methods are looked up by another rule."""
    parent = member.parent
    return (isinstance(parent, Assign) and parent.target is member) or (
        isinstance(parent, Call) and parent.callee is member
    )


def _asked(module: Module, member: Member) -> bool:
    """Tell whether somebody asks first whether the member is there, or is ready for its absence."""
    return guarding_try(member) is not None or any(
        f'"{member.name}"' in module.text_of(one.test) or f"'{member.name}'" in module.text_of(one.test)
        for one in conditions(member)
    )
