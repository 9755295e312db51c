"""REG002: a field of a class that is used and that no line creates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.form.field_names import names_fields
from reviewer.code.reach.links import lineage
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Cast, For, Function, Index, Member, Unary, With
from reviewer.code.walk import ancestors, find
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.members import (
    declared,
    derived,
    foreign_this,
    given_from_outside,
    member_uses,
    members_of,
    never_given,
    optional_use,
    own_class,
    tested,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Node
    from reviewer.experts.check import Inquiry

_USED: Final = regex(
    rb"\b(?:this|self)\.#?([A-Za-z_$][\w$]*)!?\s*(?=[.\[]|[+*/-]=|\+\+)|\b(?:of|in|with)\s+(?:this|self)\.#?([A-Za-z_$][\w$]*)\s*[):]"
)
_MADE: Final = tuple(
    regex(pattern, re.MULTILINE)
    for pattern in (
        (
            rb"^[ \t]{0,4}(?:(?:static|readonly|public|private|protected|declare|override|accessor|get|set|async|def"
            rb"|class)\s+)*#?([A-Za-z_$][\w$]*)\s*[?!]?\s*[=:;(<]"
        ),
        rb"\b(?:this|self|cls)\.#?([A-Za-z_$][\w$]*)\s*(?:=(?!=)|\?\?=|\|\|=|:[^=\n]{1,200}=|,)",
        rb"\b(?:(?:public|private|protected|readonly)\s+)+([A-Za-z_$][\w$]*)",
    )
)
"""Spellings that may give a class a field, with its name."""
_DECLARED: Final = regex(
    rb"^\s*(?:private\s+|readonly\s+|declare\s+)*#?(_?[A-Za-z_$][\w$]*)[!?]?\s*(?:;|:\s*(?:[^=\n]|=>){1,200})$",
    re.MULTILINE,
)
"""Lines that may declare a field without giving it a value."""


@module_check("REG002", words={"class", "prototype"})
def field_never_created(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the fields that a class uses as objects with those that come into being."""
    if module.is_test or not _candidates(module):
        return
    seen: set[tuple[int, str]] = set()
    for cls in module.classes:
        if cls.kind == "class":
            yield from _of(inquiry, cls, seen)


def _candidates(module: Module) -> bool:
    """Tell from the text alone whether a field is used whose making is not in sight."""
    if names_fields(module):
        return True
    used = {first or second for first, second in _USED.findall(module.source)}
    if not used.isdisjoint(_DECLARED.findall(module.source)):
        return True
    return bool(used) and not used.issubset(name for made in _MADE for name in made.findall(module.source))


def _of(inquiry: Inquiry, cls: Class, seen: set[tuple[int, str]]) -> Iterator[Match]:
    members = members_of(cls)
    if members is None or not _begins(cls):
        return
    never = never_given(cls)
    for use in (one for owner in _owners(cls) for one in member_uses(owner)):
        name = use.name
        if name.startswith("__") and name.endswith("__"):
            continue  # the language gives it
        surely = name in never and isinstance(use.parent, Cast) and use.parent.kind == "!"
        if (name in members and not surely) or not _needs_it(use) or optional_use(use):
            continue
        if (id(own_class(use)), name) in seen:
            continue
        seen.add((id(own_class(use)), name))
        if not (
            foreign_this(own_class(use) or cls, members, use)
            or (tested(cls, name) and not surely)
            or derived(inquiry, cls)
            or given_from_outside(inquiry, name)
        ):
            yield Match(
                declared(cls, name) or _annotated(cls, name) or _maker(own_class(use) or cls, name) or use,
                f"'{name}' is used as a field of '{cls.name}', but no line creates it: "
                f"this fails with {'an AttributeError' if cls.module.language == 'python' else 'a TypeError'}.",
                related=((use, "where it has to be there"),),
            )


def _annotated(cls: Class, name: str) -> Assign | None:
    """Return where a method says of which type a field would be, and gives it nothing: ``self.words: list[str]``."""
    said = (one for method in cls.methods for one in find(method.body, Assign) if one.value is None)
    return next((one for one in said if is_this_member(one.target) and one.target.name == name), None)


def _maker(cls: Class, name: str) -> Function | None:
    """Return the constructor that leaves a field out, where several methods go by its name: no slip of one of them."""
    maker = cls.method("constructor") or cls.method("__init__")
    if maker is None or not any(is_this_member(one.target) for one in find(maker.body, Assign)):
        return None
    using = {id(method) for use in member_uses(cls) if use.name == name and (method := _method(use)) is not None}
    return maker if len(using) > 1 and id(maker) not in using else None


def _method(use: Member) -> Function | None:
    """Return the method that a use stands in, whatever functions lie between."""
    return next((one for one in ancestors(use) if isinstance(one, Function) and one.owner is not None), None)


def _owners(cls: Class) -> list[Class]:
    """Return a class and those that it builds on in the same file, which don't say how they begin."""
    return [one for one in lineage(cls) if one is cls or (one.module is cls.module and not _begins(one))]


def _begins(cls: Class) -> bool:
    """Tell whether a class says how its instances begin; a mixin leaves that to others."""
    if "mixin" in cls.name.lower() or cls.name.startswith(("Base", "Abstract")):
        return False
    return bool(cls.fields) or any(method.kind == "constructor" or method.name == "__init__" for method in cls.methods)


def _needs_it(use: Member) -> bool:
    """Tell whether the use fails where the field is not there."""
    parent = use.parent
    inner: Node = use
    while isinstance(parent, Cast):
        inner, parent = parent, parent.parent
    if isinstance(parent, Member) and parent.object is inner:
        return not parent.optional
    if isinstance(parent, Index) and parent.object is inner:
        return not parent.optional
    if isinstance(parent, With):
        return any(value is inner for value, _target in parent.items)
    if isinstance(parent, For):
        return parent.iterable is inner
    if use_is_called(use):
        return False
    python = _python(use)
    if isinstance(parent, Assign):
        return parent.target is use and parent.op not in ("=", "??=", "||=") and python
    return python and not isinstance(parent, Unary)


def _python(use: Member) -> bool:
    return use.raw.type == "attribute"


def use_is_called(use: Member) -> bool:
    """Tell whether a member is called, which is a matter of methods."""
    return isinstance(use.parent, Call) and use.parent.callee is use
