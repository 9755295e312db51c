"""API008: what only some plugins have, by a contract that builds on theirs, is called on any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import lineage, named_type
from reviewer.code.syntax import Assign, Cast, Class, Expr, For, Member, Name, uncast
from reviewer.code.walk import find
from reviewer.core.regex import regex
from reviewer.experts.api.presence import is_guarded
from reviewer.experts.api.vocabulary import spelled
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.values import member_type, value_class, value_type
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_BUILDS: Final = regex(
    rb"\binterface\s{1,9}[A-Za-z_$][\w$]{0,100}[^{};]{0,200}\bextends\b"
    rb"|\bclass\s{1,9}\w{1,100}\s{0,9}\([^)]{0,400}\b(?:ABC|ABCMeta|Protocol)\b"
)
"""What a text has in which a contract may build on another one."""


@module_check("API008")
def narrower_contract(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at calls of members that a contract of some plugins adds to the one that all of them have."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    narrower = _narrower(inquiry)
    for call in module.calls(narrower.keys() & module.identifiers) if narrower else ():
        use = uncast(call.callee)
        if not isinstance(use, Member) or call.optional or use.optional:
            continue
        some, wide = next(_widened(module, use, narrower[use.name]), (None, None))
        if wide is None or some is None or not _is_said_to_be(module, use.object, some):
            continue
        if is_guarded(module, use) or _is_told_apart(module, use) or _is_filled_in(inquiry, wide):
            continue
        yield Match(
            call,
            f"'{use.name}' is a member of '{some.name}' alone, and this is any '{wide.name}': with a plugin that is "
            f"no '{some.name}' this fails.",
            related=((locate(some.module, some), "only these have it"), (locate(wide.module, wide), "this is any")),
        )


def _narrower(inquiry: Inquiry) -> dict[str, list[Class]]:
    """Return the members that a contract adds to another one that it builds on, with the contracts; worked out once."""
    kept = inquiry.memory.get("api.narrower_contracts")
    if isinstance(kept, dict):
        return kept
    found: dict[str, list[Class]] = {}
    for module in inquiry.project.modules(tests=False, showing=_BUILDS.search):
        for cls in module.classes:
            above = [one for one in lineage(cls)[1:] if _is_contract(one)]
            if not above or not _is_contract(cls):
                continue
            for method in cls.methods:
                if method.signature_only and not any(_has(one, method.name) for one in above):
                    found.setdefault(method.name, []).append(cls)
    inquiry.memory["api.narrower_contracts"] = found
    return found


def _is_contract(cls: Class) -> bool:
    """Tell whether a class only says what others have: an interface, a protocol, an abstract class."""
    if cls.kind == "interface":
        return True
    abstract = any(spelled(base) in ("ABC", "ABCMeta") for one in lineage(cls) for base in one.bases)
    return abstract and bool(cls.methods) and all(method.signature_only for method in cls.methods)


def _has(cls: Class, name: str) -> bool:
    return any(method.name == name for one in lineage(cls) for method in one.methods) or bool(member_type(cls, name))


def _widened(module: Module, use: Member, narrower: list[Class]) -> Iterator[tuple[Class, Class]]:
    """Yield a contract that has a member, with the one without it that it builds on and that the object is said to be.

    A file need not know what it is given: the type that a function of another file answers is known by its text.
    """
    held = _uncast_name(module, use.object)
    known, said = value_class(module, held), value_type(module, held).strip("'\" ")
    for some in narrower:
        for wide in lineage(some)[1:]:
            if (wide is known or (known is None and wide.name == said)) and not _has(wide, use.name):
                yield some, wide


def _uncast_name(module: Module, held: Expr) -> Expr:
    """Return what a member is taken of as it came in: a name that a cast says more of, where that is bound."""
    bare = uncast(held)
    if bare is held or not isinstance(bare, Name):
        return bare
    for bound in module.scopes.lookup(bare.id, bare):
        if isinstance(bound, For) and bound.target is not None:
            return next((one for one in find(bound.target, Name) if one.id == bare.id), bare)
        if isinstance(bound, Assign) and bound.value is not None:
            return uncast(bound.value)
    return bare


def _is_said_to_be(module: Module, held: Expr, some: Class) -> bool:
    """Tell whether what a member is taken of is cast to the contract that has it, where it is cast at all."""
    if not isinstance(held, Cast) or held.kind == "!":
        return module.language == "python"
    return named_type(module, held.type) is some


def _is_filled_in(inquiry: Inquiry, wide: Class) -> bool:
    """Tell whether a class of the subject is what a contract asks for: then the host knows its kinds by itself."""
    asked = f"fills in {wide.name}"
    return any(inquiry.project.answers(asked, lambda other: _fills_in(other, wide.name), {wide.name}, tests=False))


def _fills_in(module: Module, name: str) -> bool:
    return any(
        one.name != name and not _is_contract(one) and any(above.name == name for above in lineage(one)[1:])
        for one in module.classes
    )


def _is_told_apart(module: Module, use: Member) -> bool:
    """Tell whether something was asked of the object before, which may tell what it is: ``unit.kind === "x"``."""
    held = module.text_of(uncast(use.object))
    return any(module.text_of(one) == held for condition in conditions(use) for one in find(condition.test, Expr))
