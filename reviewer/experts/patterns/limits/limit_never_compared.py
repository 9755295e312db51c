"""PAT027: what is used is counted, a limit is configured, and nobody holds the one against the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Binary, Call, Class, Index, Member, Node, Throw
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COUNTS: Final = word_set("charge consume spend count use record track add take hit acquire note bill tick")
"""First words of a method that counts what is used."""
_LIMITS: Final = word_set("limit limits quota quotas budget budgets allowance cap ceiling ration")
_COMPARING: Final = frozenset({"<", "<=", ">", ">=", "-"})
_METERS: Final = word_set("usage quota quotas meter metering budget limiter allowance ration throttle billing")
"""Words of a class that is there to keep use within limits."""


@module_check("PAT027", words=_LIMITS)
def limit_never_compared(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class that counts use and keeps limits for a comparison of the two, anywhere in the subject."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for cls in module.classes:
        if cls.kind != "class" or not set(words(cls.name)) & _METERS:
            continue
        limits = _limits(module, cls)
        counted = _counted(cls)
        if limits and counted is not None and not _held_against(inquiry, cls, limits):
            yield Match(
                counted,
                f"'{cls.name}' counts here and keeps '{min(limits)}', and nothing compares the two: whoever is "
                "over the limit goes on.",
            )


def _limits(module: Module, cls: Class) -> set[str]:
    """Return the fields and methods of a class that are limits, by their names."""
    named = {name for name in module.scopes.fields(cls) if set(words(name)) & _LIMITS}
    named |= {field.name for field in cls.fields if set(words(field.name)) & _LIMITS}
    answers = [method.name for method in cls.methods if words(method.name)[:1] not in (("set",), ("on",))]
    return named | {name for name in answers if set(words(name)) & _LIMITS}


def _counted(cls: Class) -> Node | None:
    """Return where a method that counts adds to what was used by somebody: ``this.calls[key] += 1``."""
    for method in cls.methods:
        if words(method.name)[:1] and words(method.name)[0] in _COUNTS:
            for node in find(method.body, Assign):
                if isinstance(node.target, Index) and is_this_member(node.target.object) and _adds(node):
                    return node
            for call in find(method.body, Call):
                if call.name == "set" and is_this_member(call.receiver) and any(_plus(arg) for arg in call.args[1:]):
                    return call
    return None


def _adds(node: Assign) -> bool:
    return node.op == "+=" or (node.value is not None and _plus(node.value))


def _plus(value: Node) -> bool:
    return isinstance(value, Binary) and value.op == "+"


def _held_against(inquiry: Inquiry, cls: Class, limits: set[str]) -> bool:
    """Tell whether a limit is part of a comparison, the class refuses anything, or somebody else asks for the limit."""
    if any(True for method in cls.methods for _ in find(method.body, Throw)):
        return True
    for other in inquiry.project.modules(naming=limits, tests=False):
        for node in other.all(Binary):
            if node.op in _COMPARING and (said_in(node.left) | said_in(node.right)) & _LIMITS:
                return True
        if any(member.name in limits and not is_this_member(member) for member in other.all(Member)):
            return True
    return False
