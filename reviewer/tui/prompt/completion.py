"""What may come next in a line of the slash prompt, and the hint that stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from textual.fuzzy import FuzzySearch

from reviewer.commands.parsing import format_choices
from reviewer.core.experts import EXPERTS
from reviewer.tui.prompt.own import ALL
from reviewer.tui.prompt.paths import complete_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reviewer.commands.command import Argument, Command

MOST: Final = 40
_fuzzy: Final = FuzzySearch()


class Choice(NamedTuple):
    """One way to go on."""

    line: str
    """The whole line as it would then be."""
    label: str
    """What is chosen."""
    hint: str
    """What it means."""


class Known(NamedTuple):
    """Names that arguments may take, which only the running application knows."""

    rules: Mapping[str, str] = {}
    """Id to name."""
    themes: tuple[str, ...] = ()


def choices(line: str, known: Known) -> list[Choice]:
    """Return the ways to go on with a line, best first."""
    if not line.startswith("/"):
        return []
    head, space, rest = line.partition(" ")
    if not space:
        return _commands(head[1:])
    command = _command(head)
    if command is None:
        return []
    before, _, word = rest.rpartition(" ")
    kept = f"{head} {before} " if before else f"{head} "
    found = [Choice(kept + text, text, hint) for text, hint in _words(command, before.split(), word, known)]
    return found[:MOST]


def usage(line: str) -> str:
    """Return how the command of a line is used, or an empty text."""
    command = _command(line.partition(" ")[0])
    if command is None:
        return ""
    named = [argument for argument in command.arguments if not argument.name.startswith("-")]
    options = len(command.arguments) - len(named)
    words = [_spelled(argument) for argument in named] + (["[--option…]"] if options else [])
    return f"/{command.slash} {' '.join(words)}".rstrip() + f"  {command.summary}"


def _commands(typed: str) -> list[Choice]:
    ranked = []
    for number, command in enumerate(ALL):
        score, _at = _fuzzy.match(typed, command.slash) if typed else (1.0, ())
        if command.slash.startswith(typed):
            score += 100
        if score:
            more = " " if command.arguments else ""
            ranked.append((-score, number, Choice(f"/{command.slash}{more}", f"/{command.slash}", command.summary)))
    return [choice for _score, _number, choice in sorted(ranked)]


def _command(head: str) -> Command | None:
    name = head.removeprefix("/")
    return next((command for command in ALL if name in (command.slash, command.name)), None)


def _words(command: Command, before: list[str], word: str, known: Known) -> Iterator[tuple[str, str]]:
    """Yield what the last word may become."""
    last = next((argument for argument in command.arguments if before and argument.name == before[-1]), None)
    if last is not None and last.shape != "flag":
        yield from _values(last, word, known)
        return
    if word.startswith("-"):
        for argument in command.arguments:
            if argument.name.startswith("--") and argument.name not in before and _fits(word, argument.name):
                yield argument.name, argument.summary
        return
    for argument in command.arguments:
        if not argument.name.startswith("-"):
            yield from _values(argument, word, known)
    if any(argument.field == "stack" for argument in command.arguments):
        from reviewer.design.guide.stacks import STACKS

        yield from ((stack.name, stack.title) for stack in STACKS.values() if stack.name.startswith(word))
    if any(argument.field == "experts" for argument in command.arguments):
        yield from ((expert, "ask this expert alone") for expert in EXPERTS if expert.startswith(word) and before)


def _values(argument: Argument, word: str, known: Known) -> Iterator[tuple[str, str]]:
    """Yield values for an argument."""
    if argument.metavar == "RULE":
        yield from ((rule, name) for rule, name in known.rules.items() if _fits(word, f"{rule} {name}"))
    elif argument.metavar == "PATH" or argument.shape == "path":
        yield from ((choice.word, "folder" if choice.is_folder else "") for choice in complete_path(word))
    elif argument.field == "name":
        yield from ((name, "") for name in known.themes if _fits(word, name))
    else:
        yield from ((value, "") for value in _choices(argument) if value.startswith(word))


def _choices(argument: Argument) -> Iterable[str]:
    return format_choices(argument)


def _fits(word: str, text: str) -> bool:
    return not word or _fuzzy.match(word, text)[0] > 0


def _spelled(argument: Argument) -> str:
    name = argument.metavar or argument.name.upper()
    more = "…" if argument.shape == "paths" else ""
    return f"{name}{more}" if argument.required else f"[{name}{more}]"
