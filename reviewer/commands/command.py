"""What a command is: one record, from which every face draws its syntax, its help and its run."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from reviewer.core.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OUTPUT: Final = "output"
SCOPE: Final = "what is reviewed"
RULES: Final = "which rules speak"
ADOPTION: Final = "what the gate makes of it"
RUN: Final = "how it runs"
GROUPS: Final = (SCOPE, RULES, ADOPTION, OUTPUT, RUN)
"""Headings of the help, in order."""


def _quiet(_path: str) -> None:
    """Tell nobody."""


class Argument(NamedTuple):
    """One argument of a command.

    A name without dashes is positional. ``shape`` is ``flag``, ``word``, ``words`` (may be
    repeated, and separated by commas), ``texts`` (may be repeated, and are taken as they stand),
    ``number``, ``path`` or ``paths``. ``field`` is the key under which `Invocation.arguments`
    holds the value; ``sets`` is what a flag sets it to.
    """

    name: str
    field: str
    summary: str
    shape: str = "word"
    choices: tuple[str, ...] = ()
    default: Any = None
    metavar: str = ""
    required: bool = False
    sets: Any = True
    group: str = ""


class Console(NamedTuple):
    """What a face can show: for text that is laid out, and for progress."""

    colour: bool = False
    width: int = 80
    unicode: bool = True
    progress: Callable[[str], None] = _quiet
    news: Callable[[str], None] = _quiet
    """Is told what happens to work that takes hours, and is worth a line that stays."""
    course: Callable[[str], None] = _quiet
    """Is told how far such work is: over and over on a terminal, now and then in a log."""
    ask: Callable[[str], str] | None = None
    """Shows a prompt and returns the line that a person types; None where nobody is there.

    It raises EOFError when the person ends the conversation.
    """


class Invocation(NamedTuple):
    """A command as somebody called it: a value for every argument, by field."""

    arguments: Mapping[str, Any]
    console: Console = Console()


class Reply(NamedTuple):
    """What a command answers: the whole text, and how the process ends if it was one."""

    text: str
    code: ExitCode = ExitCode.PASSED
    note: str = ""
    """What a person should know besides; never part of the report."""


Run: TypeAlias = "Callable[[Invocation], Reply]"


class Command(NamedTuple):
    """One command of the program."""

    name: str
    slash: str
    """Its name at the slash prompt, without the slash."""
    summary: str
    arguments: tuple[Argument, ...]
    run: str
    """``module:function``, imported when the command is called."""
    examples: tuple[str, ...] = ()

    def __call__(self, invocation: Invocation) -> Reply:
        """Run it."""
        module, _, function = self.run.partition(":")
        run: Run = getattr(import_module(module), function)
        return run(invocation)
