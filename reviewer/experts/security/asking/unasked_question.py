"""SEC022: the host can say whether something is allowed, and the operation that it is about never asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Call, Class, Function, Member, Name
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.deciding.decisions import is_check, is_decision
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ENDS = frozenset({"close", "stop", "leave", "unsubscribe", "off", "dispose", "clear"})


@module_check("SEC022", words=TRIGGERS)
def unasked_question(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class of questions for one that nobody asks, and for the operation that should."""
    if module.is_test:
        return
    for cls in module.classes:
        questions = [m for m in cls.methods if is_decision(m) and m.params and not m.private]
        if len(questions) < 2:
            continue
        unasked = [one for one in questions if not _is_named(inquiry, one)]
        asked = [one for one in questions if one not in unasked]
        if len(unasked) != 1 or not asked:
            continue
        found = next(iter(_operations(inquiry, unasked[0], {one.name for one in asked})), None)
        if found is not None:
            operation, guarded = found
            if operation.module is module:
                yield Match(
                    operation,
                    f"'{unasked[0].name}' can say whether this is allowed, and '{operation.name}' never asks it, as "
                    f"'{guarded.name}' asks its own question: everybody may do it.",
                    related=((unasked[0], "asked by nobody"), (guarded, "this one asks")),
                )


def _is_named(inquiry: Inquiry, question: Function) -> bool:
    """Tell whether any file of the subject calls a question, or hands it on."""
    for module in inquiry.project.modules(naming={question.name}, tests=False):
        if any(member.name == question.name for member in module.all(Member)):
            return True
        if any(name.id == question.name for name in module.all(Name)):
            return True
    return False


def _operations(inquiry: Inquiry, question: Function, asked: set[str]) -> Iterator[tuple[Function, Function]]:
    """Yield (operation, guarded sibling): what takes the same things as a guarded method and the question, unasked."""
    wanted = question.params[0].name
    for module in inquiry.project.modules(naming=asked, tests=False):
        for cls in module.classes:
            guarded = [m for m in cls.methods if not m.private and any(c.name in asked for c in find(m.body, Call))]
            if not guarded:
                continue
            same = [m for m in _public(cls) if m not in guarded and not _asks(module, m)]
            for method in same:
                names = [param.name for param in method.params]
                first = guarded[0].params[0].name if guarded[0].params else ""
                if wanted in names and names[0] == first and first != wanted and method.name not in _ENDS:
                    yield method, guarded[0]


def _public(cls: Class) -> list[Function]:
    return [m for m in cls.methods if m.kind == "method" and not m.private and not m.signature_only and m.params]


def _asks(module: Module, method: Function) -> bool:
    return is_decision(method) or any(is_check(module, call) for call in find(method.body, Call))
