"""LIF008: what was kept of a plugin carries the edition of who kept it, and nobody compares that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Cast, Class, Member, Name, strip
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS
from reviewer.experts.lifecycle.hooks.opposites import interfaces
from reviewer.experts.lifecycle.values import value_class

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Field

_NUMBERS: Final = frozenset({"number", "int", "bigint", "float"})
_OPAQUE: Final = frozenset({"unknown", "any", "object", "Any", "dict", "Record", "dict[str, Any]", "JsonValue"})
_COMPARES: Final = frozenset({"===", "!==", "==", "!=", "<", ">", "<=", ">="})


@module_check("LIF008", words=HOOK_WORDS)
def edition_never_compared(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at records of a number that plugins have, too, and of something that nobody but the plugin can read."""
    if module.is_test:
        return
    contracts = [cls for cls in [*module.classes, *interfaces(module)] if cls.methods]
    for record in [*module.classes, *interfaces(module)]:
        for edition, kept in _kept_with(record, contracts):
            if _compared(inquiry, edition):
                continue
            use = next(_taken(module, record, kept), None)
            if use is not None:
                yield Match(
                    use,
                    f"'{module.text_of(use)}' is what a plugin left behind, and '{edition}', which '{record.name}' "
                    "keeps beside it, is compared with that of the plugin nowhere: another edition reads it wrongly.",
                )
                return


def _kept_with(record: Class, contracts: list[Class]) -> Iterator[tuple[str, str]]:
    """Yield (number, content) for a record with a number that a contract has as well, and something opaque."""
    if record.methods or not 2 <= len(record.fields) <= 5:
        return
    for number in record.fields:
        if number.type.strip() not in _NUMBERS or not any(_has(cls, number) for cls in contracts if cls is not record):
            continue
        for content in record.fields:
            if content is not number and _is_opaque(content):
                yield number.name, content.name


def _has(cls: Class, number: Field) -> bool:
    getters = {method.name for method in cls.methods if method.kind == "getter"}
    return number.name in getters | {field.name for field in cls.fields}


def _is_opaque(content: Field) -> bool:
    """Tell whether a field holds what the host can't read: of no type, or of one that others fill in: ``state: S``."""
    said = content.type.strip().removesuffix(" | undefined").removesuffix(" | None")
    return (
        said in _OPAQUE
        or (len(said) <= 2 and said[:1].isupper())
        or said.startswith(("Record<string, un", "dict[str, A"))
    )


def _compared(inquiry: Inquiry, edition: str) -> bool:
    """Tell whether any file of the subject compares a member of this name with another."""
    return any(
        test.op in _COMPARES and any(_is_member(side, edition) for side in (test.left, test.right))
        for other in inquiry.project.modules(naming={edition}, tests=False)
        for test in other.all(Binary)
    )


def _is_member(expr: Expr, name: str) -> bool:
    inner = strip(expr)
    return (isinstance(inner, Member) and inner.name == name) or (isinstance(inner, Name) and inner.id == name)


def _taken(module: Module, record: Class, kept: str) -> Iterator[Member]:
    """Yield where the content of such a record is taken out."""
    for member in module.all(Member):
        written = isinstance(member.parent, Assign) and member.parent.target is member
        if member.name == kept and not written and _is_of(module, member.object, record):
            yield member


def _is_of(module: Module, holder: Expr, record: Class) -> bool:
    if value_class(module, holder) is record:
        return True
    name = strip(holder)
    bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
    values = [one.value for one in bound if isinstance(one, Assign)]
    return any(isinstance(value, Cast) and record.name in value.type for value in values)
