"""The command ``completion``: scripts for shells, drawn from the registry like everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reviewer.commands.command import Reply
from reviewer.commands.faces import FACES
from reviewer.commands.parsing import format_choices
from reviewer.commands.registry import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.commands.command import Argument, Command, Invocation


class _Option(NamedTuple):
    """An option of a command; ``values`` are empty where it takes none, or any."""

    name: str
    summary: str
    values: tuple[str, ...]
    takes: bool
    """True where a value follows."""


def run(invocation: Invocation) -> Reply:
    """Return the script for a shell."""
    return Reply({"bash": _bash, "zsh": _zsh, "fish": _fish}[invocation.arguments["shell"]]())


def _commands() -> tuple[Command, ...]:
    return (*COMMANDS, *FACES)


def _options(command: Command) -> Iterator[_Option]:
    for argument in command.arguments:
        if argument.name.startswith("-"):
            yield _Option(argument.name, argument.summary, format_choices(argument), argument.shape != "flag")
    yield _Option("--help", "show the arguments of the command", (), takes=False)


def _first(command: Command) -> tuple[str, ...]:
    """Return the choices of the first positional argument; empty where any path or text will do."""
    positional: list[Argument] = [one for one in command.arguments if not one.name.startswith("-")]
    return positional[0].choices if positional else ()


def _bash() -> str:
    """Return a script that knows the options of each command and the values of each option."""
    lines = [
        '# Completion of reviewer for bash: eval "$(reviewer completion bash)"',
        "_reviewer() {",
        "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]#/}",
        "  COMPREPLY=()",
        '  if [ "$COMP_CWORD" -eq 1 ]; then',
        f"    {_fill(command.name for command in _commands())}",
        "    return",
        "  fi",
        '  case "$command $before" in',
    ]
    for command in _commands():
        valued = [option for option in _options(command) if option.values]
        lines += [f"    '{command.name} {option.name}') {_fill(option.values)}; return;;" for option in valued]
    lines += ["  esac", '  case "$command" in']
    for command in _commands():
        words = (*(option.name for option in _options(command)), *_first(command))
        lines.append(f"    {command.name}) {_fill(words)};;")
    lines += ["  esac", "}", "complete -o default -F _reviewer reviewer", ""]
    return "\n".join(lines)


def _fill(words: Iterable[str]) -> str:
    """Return the command of bash that completes the present word from a list."""
    return f"COMPREPLY=($(compgen -W '{' '.join(words)}' -- \"$word\"))"


def _zsh() -> str:
    lines = [
        "#compdef reviewer",
        '# Completion of reviewer for zsh: eval "$(reviewer completion zsh)"',
        "_reviewer() {",
    ]
    lines += ["  local -a commands", "  commands=("]
    lines += [f"    {_quoted(f'{command.name}:{_plain(command.summary)}')}" for command in _commands()]
    lines += ["  )", "  if (( CURRENT == 2 )); then", "    _describe command commands", "    return", "  fi"]
    lines += ["  local command=${words[2]#/}", "  shift words", "  (( CURRENT-- ))", "  case $command in"]
    for command in _commands():
        lines.append(f"    {command.name})")
        parts = [_quoted(_zsh_option(option)) for option in _options(command)]
        first = _first(command)
        parts.append(_quoted(f"*:value:({' '.join(first)})") if first else _quoted("*:path:_files"))
        lines.append("      _arguments " + " ".join(parts))
        lines.append("      ;;")
    lines += ["  esac", "}", "compdef _reviewer reviewer", ""]
    return "\n".join(lines)


def _zsh_option(option: _Option) -> str:
    text = f"{option.name}[{_plain(option.summary)}]"
    if option.values:
        return f"{text}:value:({' '.join(option.values)})"
    return f"{text}:value:_files" if option.takes else text


def _fish() -> str:
    names = " ".join(command.name for command in _commands())
    lines = ["# Completion of reviewer for fish: reviewer completion fish | source"]
    for command in _commands():
        alone = f"not __fish_seen_subcommand_from {names}"
        lines.append(f"complete -c reviewer -f -n {_quoted(alone)} -a {command.name} -d {_quoted(command.summary)}")
    for command in _commands():
        here = _quoted(f"__fish_seen_subcommand_from {command.name}")
        for option in _options(command):
            line = f"complete -c reviewer -n {here} -l {option.name.removeprefix('--')} -d {_quoted(option.summary)}"
            if option.values:
                line += f" -x -a {_quoted(' '.join(option.values))}"
            lines.append(line + (" -r" if option.takes and not option.values else ""))
        if _first(command):
            lines.append(f"complete -c reviewer -f -n {here} -a {_quoted(' '.join(_first(command)))}")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Leave out what has a meaning inside a description of zsh."""
    return text.replace("[", "(").replace("]", ")").replace(":", " -")


def _quoted(text: str) -> str:
    """Return a text in single quotes, which all three shells read alike."""
    return "'" + text.replace("'", "") + "'"
