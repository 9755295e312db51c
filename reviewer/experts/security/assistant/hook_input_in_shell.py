"""SEC270: what the assistant was about to do becomes text of a shell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Function, Name, Param
from reviewer.code.walk import walk
from reviewer.core.regex import regex
from reviewer.core.scale import Severity
from reviewer.experts.assistant.hooks import hooks_of
from reviewer.experts.assistant.orders import SHELL_SUFFIXES, blocks_of, shell_scripts
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.assistant.scripts import ROOT, named_in
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found
from reviewer.experts.place import locate
from reviewer.experts.security.reaching.commands import QUOTERS, shell_texts

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.assistant.orders import ShellLine
    from reviewer.experts.check import Inquiry

_FIELDS: Final = r"\.(tool_input|tool_response|prompt|user_prompt|message|tool_result|transcript_path|cwd)\b"
_PIPED: Final = (
    rf"{_FIELDS}[^|]*\|\s*(sudo\s+)?(ba|z|da|k)?sh\b(\s+-s)?\s*($|[;&|])|{_FIELDS}.*\|\s*xargs\s.*\b(ba|z)?sh\s+-c"
)
_GIVEN: Final = r"\$\{?(CLAUDE_TOOL_INPUT|TOOL_INPUT|CLAUDE_USER_PROMPT|USER_PROMPT|CLAUDE_TOOL_OUTPUT|ARGUMENTS)\b"
_TYPED: Final = r"\$(ARGUMENTS|[1-9])\b"
_SHELLS: Final = r"(^|[\s;&|(])(eval|(ba|z|da|k)?sh\s+(-\w+\s+)*-\w*c)\s"
_ASSIGNS: Final = regex(r"(?:^|[;&]\s{0,5}|\b(?:local|export|declare|readonly)\s{1,5})([A-Za-z_]\w{0,80})=(.{0,2000})")
_READS: Final = regex(r"\bread\s+(?:-\w+\s+){0,4}([A-Za-z_]\w{0,80})\s*(?:$|[;<])")
_INPUT: Final = r"sys\.stdin|process\.stdin|readFileSync\(0\b|/dev/stdin|Bun\.stdin|Deno\.stdin"
_TOLD: Final = r"\b(tool_input|toolInput|tool_response|user_prompt)\b|\[[\"']prompt[\"']\]|\.prompt\b"
_QUOTERS: Final = frozenset(name.rsplit(".", 1)[-1] for name in QUOTERS)
_DEEPEST: Final = 5
_MOST_CALLS: Final = 8
"""Calls of one function whose arguments are followed."""
_STDIN: Final = r"\$\(\s*(cat|</dev/stdin|tee)\b[^|]*\)|/dev/stdin|\bjq\b"


@subject_check("SEC270")
def hook_input_in_shell(inquiry: Inquiry) -> Iterator[Match]:
    """Follow what a hook is told into shells, in its command and in its script."""
    scripts: set[str] = set()
    for hook in hooks_of(inquiry):
        if hook.type != "command" or hook.command is None:
            continue
        text = hook.line
        scripts |= {hit[1] for hit in ROOT.finditer(text) if hit[1].endswith(SHELL_SUFFIXES)}
        direct = found(_PIPED, text) or (found(_SHELLS, text) and (found(_FIELDS, text) or found(_GIVEN, text)))
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
    for path, lines in shell_scripts(inquiry):
        if path in scripts:
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
    tainted: set[str] = set()
    for line in lines:
        held = _holds(line.text, tainted)
        if (found(_SHELLS, line.text) and held) or found(_PIPED, line.text) or (held and _into_shell(line.text)):
            yield line
        for hit in _ASSIGNS.finditer(line.text):
            if found(_STDIN, hit[2]) or found(_FIELDS, hit[2]) or _holds(hit[2], tainted):
                tainted.add(hit[1])
        read = _READS.search(line.text)
        if read is not None:
            tainted.add(read[1])


def _holds(text: str, names: set[str]) -> bool:
    return any(re.search(rf"\$\{{?{name}\b", text) for name in names)


def _into_shell(text: str) -> bool:
    """Tell whether a line hands what it prints to a shell."""
    return found(r"\|\s*(sudo\s+)?(ba|z|da|k)?sh\b(\s+-s)?\s*($|[;&|])", text)
