"""REG602: the host has a package manager install what a plugin brings, and the scripts in it run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Literal, strip
from reviewer.code.walk import find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import text_of
from reviewer.experts.security.reaching.commands import PROGRAMS, command_of
from reviewer.experts.security.reaching.sinks import callee_name
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MANAGERS: Final = frozenset({"npm", "pnpm", "yarn", "bun"})
_INSTALLS: Final = frozenset({"install", "i", "ci", "add", "update"})
_QUIET: Final = regex(r"--ignore-scripts|ignore[_-]?scripts|enableScripts")
_LONGEST: Final = 4_000


@module_check("REG602", words={"npm", "pnpm", "yarn", "bun"})
def install_scripts_run(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each package manager of Node that is started to install something."""
    if module.is_test or inquiry.subject.kind != "host" or is_tooling(module.path):
        return
    for call in module.all(Call):
        manager = _installs(module, call)
        function = function_of(call)
        if manager and function is not None and not _QUIET.search(module.text_of(function)[:_LONGEST]):
            yield Match(
                call,
                f"'{manager}' runs the install scripts of whatever it fetches here, with the rights and the "
                "environment of the host, before anybody has looked at the code.",
            )


def _installs(module: Module, call: Call) -> str:
    """Return the package manager that a call has install something, or an empty string."""
    name = callee_name(module, call)
    spelled = [text_of(strip(arg)) for arg in call.args[:1]]
    if name not in PROGRAMS and (not spelled or spelled[0] not in _MANAGERS):
        return ""
    tool, arguments = command_of(module, call.args)
    parts = [tool, *map(text_of, arguments)]
    if len(parts) == 1 or " " in tool:
        parts = tool.split()
    literal = [one for one in parts if one]
    verb = next((one for one in literal[1:] if not one.startswith("-")), "")
    manager = literal[0] if literal else ""
    found = manager in _MANAGERS and verb in _INSTALLS
    return manager if found and not any(_QUIET.search(one) for one in _texts(call.args)) else ""


def _texts(args: list[Expr]) -> Iterator[str]:
    for arg in args:
        for one in find(arg, Literal):
            if isinstance(one.value, str):
                yield one.value
