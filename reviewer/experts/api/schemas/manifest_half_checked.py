"""API018: of a manifest that is called what it should be, some members are looked at, and others used as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, named_type
from reviewer.code.syntax import (
    Assign,
    Call,
    Cast,
    Class,
    Conditional,
    Function,
    If,
    Member,
    Name,
    Return,
    Spread,
    Unary,
    strip,
)
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.api.vocabulary import is_log, names_manifest
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_READERS: Final = frozenset({"JSON.parse"})
_KINDS: Final = frozenset({"isArray", "isInteger", "isSafeInteger", "isFinite", "hasOwn", "test", "exec"})
_LIBRARIES: Final = frozenset({"ajv", "zod", "joi", "yup", "superstruct", "valibot", "typebox", "schema", "schemas"})
_PLAIN: Final = ("string", "number", "boolean")
_KEEPS: Final = frozenset({"freeze", "seal", "structuredClone"})


@module_check("API018", words={"parse"})
def manifest_half_checked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each manifest that a function parses, gives a type and refuses by some of its members only."""
    if module.is_test or inquiry.subject.kind == "plugin" or module.words & _LIBRARIES:
        return
    for call in module.calls(("parse",)):
        function = function_of(call)
        if function is None or module.text_of(call.callee) not in _READERS:
            continue
        name, shape = _called(module, call)
        if shape is None or not name or _is_handed_on(function, name):
            continue
        looked = _looked_at(function, name)
        bare = {one.name for one in shape.fields if _is_plain(one.type, optional=one.optional)} - looked
        used = [one for one in sorted(bare) if _is_used(inquiry, module, function, name, one, shape)] if looked else []
        if used:
            listed = ", ".join(f"'{short(one)}'" for one in used[:3])
            yield Match(
                call,
                f"Of what is read here only {_and(sorted(looked & {one.name for one in shape.fields}))} is looked at; "
                f"{listed} {'is' if len(used) == 1 else 'are'} used without a look, whatever the author wrote there.",
            )


def _and(names: list[str]) -> str:
    return " and ".join(f"'{short(one)}'" for one in names[:3]) or "a part"


def _called(module: Module, call: Call) -> tuple[str, Class | None]:
    """Return the variable that holds what was parsed, and the type of a manifest that it is given."""
    declared = ""
    for around in ancestors(call):
        if isinstance(around, Cast):
            declared = declared or around.type
        elif isinstance(around, Assign):
            declared = declared or around.type
            target = strip(around.target)
            shape = named_type(module, declared) if names_manifest(declared) else None
            known = shape is not None and shape.kind != "class"
            return (target.id, shape) if known and isinstance(target, Name) else ("", None)
        else:
            return "", None
    return "", None


def _is_plain(kind: str, *, optional: bool) -> bool:
    return not optional and kind.strip() in _PLAIN


def _is_handed_on(function: Function, name: str) -> bool:
    """Tell whether a function hands the whole on to something that may look at it."""
    for use in find(function.body, Name):
        around = use.parent
        if use.id == name and isinstance(around, Call | Spread) and around is not None:
            if isinstance(around, Call) and (around.callee is use or is_log(around) or around.name in _KEEPS):
                continue
            return True
    return False


def _looked_at(function: Function, name: str) -> set[str]:
    """Return the members of a manifest that a function asks about: in a test, or by a look at their kind."""
    found: set[str] = set()
    for member in find(function.body, Member):
        if last_name(member.object) != name:
            continue
        inner: object = member
        for around in ancestors(member):
            asks = isinstance(around, Unary) or (isinstance(around, Call) and around.name in _KINDS)
            if asks or (isinstance(around, If | Conditional) and around.test is inner):
                found.add(member.name)
                break
            if isinstance(around, Function | Assign | Return):
                break
            inner = around
    return found


def _is_used(inquiry: Inquiry, module: Module, function: Function, name: str, field: str, shape: Class) -> bool:
    """Tell whether the host reads a member of its manifests, and asks nowhere what it is."""
    used = False
    for other in inquiry.project.modules(naming={field}, tests=False):
        for member in other.all(Member):
            if member.name != field:
                continue
            here = other is module and last_name(member.object) == name and function_of(member) is function
            if not here and not _is_of(other, member, shape):
                continue
            around = member.parent
            if isinstance(around, Unary) or (isinstance(around, Call) and around.name in _KINDS):
                return False
            used = True
    return used


def _is_of(module: Module, member: Member, shape: Class) -> bool:
    declared = declared_type(module, member.object)
    if not declared:
        return names_manifest(last_name(member.object))
    return shape.name in {word.strip(" []?") for word in declared.replace("<", "|").replace(">", "|").split("|")}
