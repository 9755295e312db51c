"""What the script of a hook was told: the variables of a shell that hold a part of its input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.experts.assistant.hooks import hooks_of
from reviewer.experts.assistant.orders import SHELL_SUFFIXES, shell_scripts
from reviewer.experts.assistant.scripts import ROOT
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.assistant.orders import Script, ShellLine
    from reviewer.experts.check import Inquiry

FIELDS: Final = r"\.(tool_input|tool_response|prompt|user_prompt|message|tool_result|transcript_path|cwd)\b"
"""Members of a hook's input that hold what others wrote, as jq names them."""
_ASSIGNS: Final = regex(r"(?:^|[;&]\s{0,5}|\b(?:local|export|declare|readonly)\s{1,5})([A-Za-z_]\w{0,80})=(.{0,2000})")
_READS: Final = regex(r"\bread\s+(?:-\w+\s+){0,4}([A-Za-z_]\w{0,80})\s*(?:$|[;<])")
_READ_IN: Final = regex(r"\$\{?([A-Za-z_]\w{0,80})")
"""A variable of a shell where it is read."""
_STDIN: Final = r"\$\(\s*(cat|</dev/stdin|tee)\b[^|]*\)|/dev/stdin|\bjq\b"


def told_lines(lines: list[ShellLine]) -> Iterator[tuple[ShellLine, frozenset[str]]]:
    """Yield each line with the variables that hold a part of the input when it runs."""
    held: set[str] = set()
    for line in lines:
        yield line, frozenset(held)
        for hit in _ASSIGNS.finditer(line.text):
            if found(_STDIN, hit[2]) or found(FIELDS, hit[2]) or holds(hit[2], held):
                held.add(hit[1])
        read = _READS.search(line.text)
        if read is not None:
            held.add(read[1])


def assigned(line: ShellLine) -> Iterator[tuple[str, str]]:
    """Yield the variables that a line sets, each with the text of what it is given."""
    for hit in _ASSIGNS.finditer(line.text):
        yield hit[1], hit[2]


def holds(text: str, names: set[str] | frozenset[str]) -> bool:
    """Tell whether a text of a shell speaks of one of some variables."""
    return any(hit[1] in names for hit in _READ_IN.finditer(text))


def scripts_of_hooks(inquiry: Inquiry) -> Iterator[Script]:
    """Yield the shell scripts that the commands of hooks name."""
    named: set[str] = set()
    for hook in hooks_of(inquiry):
        if hook.type == "command" and hook.command is not None:
            named |= {hit[1] for hit in ROOT.finditer(hook.line) if hit[1].endswith(SHELL_SUFFIXES)}
    yield from ((path, lines) for path, lines in shell_scripts(inquiry) if path in named)
