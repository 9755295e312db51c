"""What a hook answers, and whether anything could make it answer otherwise."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Call,
    Conditional,
    For,
    Handler,
    If,
    Literal,
    Object,
    Return,
    Switch,
    Throw,
    While,
    strip,
)
from reviewer.code.walk import function_of, walk
from reviewer.experts.assistant.orders import SHELL_SUFFIXES, text_of
from reviewer.experts.assistant.scripts import ROOT
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.assistant.hooks import Hook
    from reviewer.experts.check import Inquiry

_ALLOWS: Final = (
    r"""["']?permissionDecision\\?["']?\s*[:=]\s*\\?["']allow\\?["']|["']?decision\\?["']?\s*[:=]\s*\\?["']approve\\?["']"""
    r"""|["']?behavior\\?["']?\s*[:=]\s*\\?["']allow\\?["']"""
)
_BLOCKS: Final = (
    r"""["']?decision\\?["']?\s*[:=]\s*\\?["']block\\?["']"""
    r"""|permissionDecision\\?["']?\s*[:=]\s*\\?["'](deny|ask)\\?["']"""
)
_EXIT_BLOCKS: Final = r"\bexit\s+2\b"
_SHELL_CHOICE: Final = r"\b(if|case|while|until|grep|test|select)\b|\[\[|\s\[\s|&&|\|\||exit\s+\$"
_ALWAYS: Final = (
    r"(?i)\b(always|unconditionally|automatically)\b[^.\n]{0,30}\b(approve|allow|accept|permit|return ok)\b"
    r"|\b(approve|allow|accept|permit)\b[^.\n]{0,30}\b(every|any|all)\b[^.\n]{0,30}"
    r"\b(tool|command|request|operation|call|action)s?\b"
)
_NEVER: Final = r"(?i)\b(never|not|don't|unless|only if|except|deny|reject)\b"
_FIELDS: Final = {"permissionDecision": "allow", "decision": "approve", "behavior": "allow"}
_OTHER_ANSWERS: Final = frozenset({"deny", "ask", "block"})
_EXITS: Final = frozenset({"exit", "_exit"})
_DEEPEST: Final = 3
"""Calls of a function in a function that are followed."""


class Verdict(StrEnum):
    """What a hook always answers."""

    ALLOWS = "allows"
    BLOCKS = "blocks"


def constant_verdict(inquiry: Inquiry, hook: Hook) -> Verdict | None:
    """Return what a hook answers whatever it is asked, or None where that depends on something or isn't known."""
    if hook.type in ("prompt", "agent"):
        prompt = hook.entry.get("prompt")
        text = prompt.text if prompt is not None else ""
        return Verdict.ALLOWS if found(_ALWAYS, text) and not found(_NEVER, text) else None
    if hook.type != "command":
        return None
    inline = _of_shell(hook.line)
    hit = ROOT.search(hook.line)
    if inline is not None or hit is None:
        return inline
    if hit[1].endswith(SHELL_SUFFIXES):
        return _of_shell(_without_comments(text_of(inquiry, hit[1])))
    module = inquiry.project.module(hit[1])
    return _of_module(module) if module is not None else None


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#"))


def _of_shell(text: str) -> Verdict | None:
    if found(_SHELL_CHOICE, text):
        return None
    if found(_ALLOWS, text):
        return Verdict.ALLOWS
    return Verdict.BLOCKS if found(_BLOCKS, text) or found(_EXIT_BLOCKS, text) else None


def _of_module(module: Module) -> Verdict | None:
    """Return the one answer that a script has, where no choice stands before it."""
    answers = list(_answers(module))
    verdicts = {verdict for verdict, _node in answers}
    if len(verdicts) != 1 or any(_depends(module, node) for _verdict, node in answers):
        return None
    return verdicts.pop()


def _answers(module: Module) -> Iterator[tuple[Verdict, Node]]:
    """Yield the answers that a script can give, with where they stand."""
    for node in module.all(Object):
        for key, value in node.entries:
            text = value.value if isinstance(value, Literal) else None
            field = key.value if isinstance(key, Literal) else None
            if isinstance(field, str) and _FIELDS.get(field) == text:
                yield Verdict.ALLOWS, node
            elif field in _FIELDS and text in _OTHER_ANSWERS:
                yield Verdict.BLOCKS, node
    for literal in module.all(Literal):
        if isinstance(literal.value, str) and len(literal.value) > 10:
            if found(_ALLOWS, literal.value):
                yield Verdict.ALLOWS, literal
            elif found(_BLOCKS, literal.value):
                yield Verdict.BLOCKS, literal
    for call in module.all(Call):
        code = strip(call.args[0]) if call.args else None
        if call.name in _EXITS and isinstance(code, Literal) and code.value == 2:
            yield Verdict.BLOCKS, call


def _depends(module: Module, node: Node, depth: int = 0) -> bool:
    """Tell whether something was asked before this happens: around it, by leaving earlier, or where it is called."""
    if _guarded(node):
        return True
    function = function_of(node)
    for choice in module.all(If):
        before = choice.raw.start_byte < node.raw.start_byte and function_of(choice) is function
        if (
            before
            and not _is_main(choice)
            and any(isinstance(one, Return | Throw) or _leaves(one) for one in walk(choice))
        ):
            return True
    if function is None or not function.name or depth > _DEEPEST:
        return False
    calls = [call for call in module.all(Call) if call.name == function.name]
    return any(_depends(module, call, depth + 1) for call in calls)


def _leaves(node: Node) -> bool:
    return isinstance(node, Call) and node.name in _EXITS


def _is_main(node: If) -> bool:
    """Tell whether a choice only asks whether the file is run as a program."""
    return any(getattr(one, "id", "") == "__name__" or getattr(one, "name", "") == "main" for one in walk(node.test))


def _guarded(node: Node) -> bool:
    """Tell whether a choice, a loop or a handler of errors stands around a node."""
    above = node.parent
    while above is not None:
        if isinstance(above, Conditional | Switch | For | While | Handler):
            return True
        if isinstance(above, If) and not _is_main(above):
            return True
        above = above.parent
    return False
