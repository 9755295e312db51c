"""SEC270: what the assistant was about to do becomes text of a shell."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Function, Name, Param
from reviewer.code.walk import walk
from reviewer.core.scale import Severity
from reviewer.experts.assistant.hooks import hooks_of
from reviewer.experts.assistant.orders import blocks_of
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.assistant.scripts import named_in
from reviewer.experts.assistant.told import FIELDS, holds, scripts_of_hooks, told_lines
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found
from reviewer.experts.place import locate
from reviewer.experts.security.reaching.commands import QUOTERS, shell_texts

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.assistant.orders import ShellLine
    from reviewer.experts.check import Inquiry

_PIPED: Final = (
    rf"{FIELDS}[^|]*\|\s*(sudo\s+)?(ba|z|da|k)?sh\b(\s+-s)?\s*($|[;&|])|{FIELDS}.*\|\s*xargs\s.*\b(ba|z)?sh\s+-c"
)
_GIVEN: Final = r"\$\{?(CLAUDE_TOOL_INPUT|TOOL_INPUT|CLAUDE_USER_PROMPT|USER_PROMPT|CLAUDE_TOOL_OUTPUT|ARGUMENTS)\b"
_TYPED: Final = r"\$(ARGUMENTS|[1-9])\b"
_SHELLS: Final = r"(^|[\s;&|(])(eval|(ba|z|da|k)?sh\s+(-\w+\s+)*-\w*c)\s"
_INPUT: Final = r"sys\.stdin|process\.stdin|readFileSync\(0\b|/dev/stdin|Bun\.stdin|Deno\.stdin"
_TOLD: Final = r"\b(tool_input|toolInput|tool_response|user_prompt)\b|\[[\"']prompt[\"']\]|\.prompt\b"
_QUOTERS: Final = frozenset(name.rsplit(".", 1)[-1] for name in QUOTERS)
_DEEPEST: Final = 5
_MOST_CALLS: Final = 8
"""Calls of one function whose arguments are followed."""


@subject_check("SEC270")
def hook_input_in_shell(inquiry: Inquiry) -> Iterator[Match]:
    """Follow what a hook is told into shells, in its command and in its script."""
    for hook in hooks_of(inquiry):
        if hook.type != "command" or hook.command is None:
            continue
        text = hook.line
        direct = found(_PIPED, text) or (found(_SHELLS, text) and (found(FIELDS, text) or found(_GIVEN, text)))
        if direct or (found(r"\$\(\s*cat\s*\)", text) and found(_SHELLS, text)):
            yield Match(hook.command, _MESSAGE)
    for page in parts_of(inquiry).of("command", "skill"):
        for place, text in blocks_of(page):
            if found(_TYPED, text):
                yield Match(
                    place,
                    "What is typed behind the command becomes text of a shell: a ';' or '$(…)' in it runs commands.",
                    severity=Severity.MEDIUM,
                    fix="Leave the arguments to the assistant, which is asked before it runs anything.",
                )
    for path, lines in scripts_of_hooks(inquiry):
        for line in _sinks(lines):
            yield Match(line.place(path), _MESSAGE)


@subject_check("SEC270")
def hook_input_in_code(inquiry: Inquiry) -> Iterator[Match]:
    """Follow what a hook is told into the shells that its script in Python or JavaScript starts."""
    named = [one.path for one in named_in(inquiry) if one.rooted]
    for path in dict.fromkeys(named):
        module = inquiry.project.module(path)
        if module is None or not found(_INPUT, module.source.decode("utf-8", "replace")):
            continue
        for sink, text in shell_texts(module):
            quoted = any(isinstance(one, Call) and one.name in _QUOTERS for one in walk(text))
            if not quoted and _is_told(module, text):
                yield Match(locate(module, sink.call), _MESSAGE)


def _is_told(module: Module, expr: Expr, depth: int = 0) -> bool:
    """Tell whether an expression holds what the hook was told, by itself or by the names in it."""
    if found(_TOLD, module.text_of(expr)):
        return True
    if depth > _DEEPEST:
        return False
    return any(
        _is_told(module, value, depth + 1)
        for node in walk(expr)
        if isinstance(node, Name)
        for binding in module.scopes.lookup(node.id, node)
        for value in _values(module, binding)
    )


def _values(module: Module, binding: object) -> Iterator[Expr]:
    """Yield what a variable is given, and what the calls of its function hand to a parameter."""
    if isinstance(binding, Assign) and binding.value is not None:
        yield binding.value
    elif isinstance(binding, Param) and isinstance(function := binding.parent, Function) and function.name:
        position = function.params.index(binding)
        for call in islice(module.calls((function.name,)), _MOST_CALLS):
            argument = call.arg(position, binding.name)
            if argument is not None and definition(module, call.callee) is function:
                yield argument


_MESSAGE: Final = "A shell reads what the hook was told about the tool: a ';' or '$(…)' in it runs commands, unasked."


def _sinks(lines: list[ShellLine]) -> Iterator[ShellLine]:
    """Yield the lines in which a shell reads a value that came in; what is assigned from one is one."""
    for line, told in told_lines(lines):
        held = holds(line.text, told)
        if (found(_SHELLS, line.text) and held) or found(_PIPED, line.text) or (held and _into_shell(line.text)):
            yield line


def _into_shell(text: str) -> bool:
    """Tell whether a line hands what it prints to a shell."""
    return found(r"\|\s*(sudo\s+)?(ba|z|da|k)?sh\b(\s+-s)?\s*($|[;&|])", text)
