"""Draws the syntax of a command from its record, for the command line and for the slash prompt alike."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final, NoReturn

from reviewer.commands.command import GROUPS, Argument, Command
from reviewer.core.errors import UsageError
from reviewer.core.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST: Final = 80
_MOST_JOBS: Final = 64


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Lays help out for 80 columns.

    Left to find the width, the standard one imports archives and compression for every argument.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=78)


class _Parser(argparse.ArgumentParser):
    """Raises instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}\n  {self.prog} --help says more")


def parse(command: Command, words: Sequence[str]) -> dict[str, Any]:
    """Return a value for every argument of a command, by field; raises `UsageError`.

    ``--help`` prints the help and raises `SystemExit`.
    """
    parser = _parser(command)
    before, after = _divided(words)
    found, unknown = parser.parse_known_intermixed_args(before)
    if unknown:
        known = [argument.name for argument in command.arguments if argument.name.startswith("-")]
        first = unknown[0].partition("=")[0]
        raise UsageError(
            f"{command.name} has no argument {first[:_LONGEST]!r}{did_you_mean(first, known)}\n"
            f"  reviewer {command.name} --help lists them"
        )
    values = vars(found)
    _fill(command, values, after)
    return {argument.field: checked(argument, values[argument.field]) for argument in command.arguments}


def _divided(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the words to parse, and those behind ``--`` that look like options and are none.

    The parser takes options wherever they stand, and would take those, too.
    """
    plain = list(words)
    if "--" not in plain:
        return plain, []
    at = plain.index("--")
    behind = plain[at + 1 :]
    return plain[:at] + [word for word in behind if word[:1] != "-"], [word for word in behind if word[:1] == "-"]


def _fill(command: Command, values: dict[str, Any], words: list[str]) -> None:
    """Give words to the arguments without dashes that take them; raises `UsageError` for one too many."""
    for argument in command.arguments:
        if argument.name.startswith("-") or not words:
            continue
        if argument.shape == "paths":
            values[argument.field] = [*(values[argument.field] or ()), *words]
            return
        if values[argument.field] in (None, argument.default):
            values[argument.field] = words.pop(0)
    if words:
        raise UsageError(f"{command.name} takes no further argument {words[0][:_LONGEST]!r}")


def usage(command: Command) -> str:
    """Return the help of a command."""
    return _parser(command).format_help()


def _parser(command: Command) -> _Parser:
    epilog = "examples:\n" + "\n".join(f"  {example}" for example in command.examples)
    parser = _Parser(
        prog=f"reviewer {command.name}",
        description=command.summary,
        epilog=epilog,
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    groups = {name: parser.add_argument_group(name) for name in GROUPS}
    for argument in command.arguments:
        _add(groups.get(argument.group, parser), argument)
    return parser


def _add(parser: Any, argument: Argument) -> None:
    choices = format_choices(argument)
    summary = argument.summary + (f" ({', '.join(choices)})" if choices else "")
    options: dict[str, Any] = {"help": summary.replace("%", "%%"), "default": argument.default}
    positional = not argument.name.startswith("-")
    if argument.shape == "flag":
        # Several flags may set one field: only the first states the default.
        options |= {"action": "store_const", "const": argument.sets, "dest": argument.field}
        if argument.sets is not True:
            options["default"] = argparse.SUPPRESS
        parser.add_argument(argument.name, **options)
        parser.set_defaults(**({} if argument.sets is True else {argument.field: argument.default or ""}))
        return
    options["metavar"] = argument.metavar or ("|".join(choices) if choices else None)
    if argument.shape in ("words", "texts"):
        options |= {"action": "append", "dest": argument.field, "default": None}
    elif argument.shape == "paths":
        options["nargs"] = "*"
    if positional:
        if argument.shape != "paths" and not argument.required:
            options["nargs"] = "?"
        options["metavar"] = argument.metavar or argument.name.upper()
        parser.add_argument(argument.field, **options)
    else:
        options["dest"] = argument.field
        parser.add_argument(argument.name, **options)


def format_choices(argument: Argument) -> tuple[str, ...]:
    """Return the choices of an argument; those of ``--format`` come from the formats that exist."""
    if argument.field == "format" and not argument.choices:
        from reviewer.report.registry import format_names

        return format_names()
    return argument.choices


def checked(argument: Argument, value: Any) -> Any:
    """Return a value in the shape that commands expect; raises `UsageError` for a wrong one."""
    if argument.shape == "words":
        words = [word.strip() for given in value or () for word in given.split(",")]
        return tuple(_choice(argument, word) for word in words if word)
    if argument.shape in ("paths", "texts"):
        return tuple(value or ())
    if argument.shape == "number":
        text = str(value)
        if not text.isdecimal() or int(text[:9]) > _MOST_JOBS:
            raise UsageError(
                f"{argument.name}: found {text[:_LONGEST]!r}, expected a number up to {_MOST_JOBS}\n"
                f"  for example: {argument.name} 2"
            )
        return int(text)
    if argument.shape == "word" and value != argument.default:
        return _choice(argument, value)
    return value


def _choice(argument: Argument, word: str) -> str:
    choices = format_choices(argument)
    if choices and word not in choices:
        raise UsageError(
            f"{argument.name}: found {word[:_LONGEST]!r}, expected one of {', '.join(choices)}"
            f"{did_you_mean(word, choices)}\n  for example: {argument.name} {choices[0]}"
        )
    return word
