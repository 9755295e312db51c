"""PAT027: a quota is told its limit, counts, and never looks at the limit again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Class, Literal, Member, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_QUOTAS: Final = word_set("quota quotas limit limiter limits budget ration throttle throttler allowance rate")
"""Words of a class that is there to refuse what is too much."""
_NUMBERS: Final = ("number", "int", "float", "")
_SERVES: Final = word_set("log logger name clock now store id key file path report audit")


@module_check("PAT027", words=_QUOTAS)
def limit_never_read(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class of quotas for a number that it keeps and never reads."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for cls in module.classes:
        if cls.kind != "class" or not set(words(cls.name)) & _QUOTAS or cls.bases:
            continue
        kept = ((name, hidden) for name, hidden in _kept_numbers(module, cls) if not _is_read(cls, name))
        limit = next((name for name, hidden in kept if hidden or not _read_elsewhere(inquiry, name)), "")
        counted = _counts(cls) if limit else None
        if counted is not None:
            yield Match(
                counted,
                f"'{cls.name}' counts here, and nothing ever reads its '{limit}': whoever is over it goes on.",
            )


def _kept_numbers(module: Module, cls: Class) -> Iterator[tuple[str, bool]]:
    """Yield the fields that the making of an object sets to a number that it is given, and whether they are private.

    A public one is looked at where the class itself says so: ``constructor(readonly perDay: number)``.
    """
    for method in cls.methods:
        if method.kind != "constructor" and method.name != "__init__":
            continue
        for param in method.params:
            if param.access and param.type.strip() == "number":
                yield param.name, "private" in module.text_of(param)
        given = {param.name: param.type.strip() for param in method.params}
        for assign in find(method.body, Assign):
            target, value = assign.target, strip(assign.value) if assign.value is not None else None
            hidden = isinstance(target, Member) and target.name.startswith(("_", "#"))
            number = given.get(getattr(value, "id", "-"), "-") in _NUMBERS
            if hidden and number and isinstance(target, Member) and not set(words(target.name)) & _SERVES:
                yield target.name, True


def _read_elsewhere(inquiry: Inquiry, name: str) -> bool:
    """Tell whether anything in the subject reads a member of this name, or takes it out of a record."""
    others = inquiry.project.modules(naming={name}, tests=False)
    return any(one.name == name and not _is_set(one) for other in others for one in other.all(Member))


def _is_set(member: Member) -> bool:
    return isinstance(member.parent, Assign) and member.parent.target is member


def _is_read(cls: Class, name: str) -> bool:
    return any(member.name == name and not _is_set(member) for member in find(cls, Member))


def _counts(cls: Class) -> Node | None:
    """Return where a method adds one to what was used."""
    for method in cls.methods:
        for node in find(method.body, Assign):
            value = strip(node.value) if node.value is not None else None
            if node.op == "+=" or (value is not None and any(_adds_one(one) for one in find(value, Binary))):
                return node
        for step in find(method.body, Unary):
            if step.op == "++":
                return step
    return None


def _adds_one(value: Binary) -> bool:
    one = strip(value.right)
    return value.op == "+" and isinstance(one, Literal) and one.value == 1
