"""REG602: the host has a package manager install what a plugin brings, and the scripts in it run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.walk import function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.leading import leading_text
from reviewer.experts.paths import text_of
from reviewer.experts.security.reaching.commands import command_of, programs, shell_texts
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call
    from reviewer.experts.check import Inquiry

_MANAGERS: Final = frozenset({"npm", "pnpm", "yarn", "bun"})
_INSTALLS: Final = frozenset({"install", "i", "ci", "add", "update"})
_QUIET: Final = regex(r"(?i)ignore[_-]?scripts|enable[_-]?scripts")
"""How a package manager is told to leave the scripts alone: by an option, or in its environment."""


@module_check("REG602", words={"npm", "pnpm", "yarn", "bun"})
def install_scripts_run(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each package manager of Node that is started to install something."""
    if module.is_test or inquiry.subject.kind != "host" or is_tooling(module.path):
        return
    for call, parts in _commands(module):
        function = function_of(call)
        if not _installs(parts) or function is None or _QUIET.search(module.text_of(function)):
            continue
        yield Match(
            call,
            f"'{parts[0]}' runs the install scripts of whatever it fetches here, with the rights and the environment "
            "of the host, before anybody has looked at the code.",
        )


def _commands(module: Module) -> Iterator[tuple[Call, Sequence[str]]]:
    """Yield each call that starts a program, with the parts of the command that are written out."""
    for sink, text in shell_texts(module):
        yield sink.call, leading_text(module, text).split()
    for sink, _where, program in programs(module):
        _tool, arguments = command_of(module, sink.args)
        yield sink.call, [text_of(program), *map(text_of, arguments)]


def _installs(parts: Sequence[str]) -> bool:
    """Tell whether a command has one of the package managers install something: ``npm --prefix x ci``."""
    verbs = (part for part in parts[1:] if part in _INSTALLS)
    return bool(parts) and parts[0] in _MANAGERS and next(verbs, None) is not None
