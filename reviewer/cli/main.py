"""The program as it is started from a shell: it owns every way out, so that no exit code lies."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import ExitCode, ReviewerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.commands.command import Command

_RARELY: Final = 100_000
"""New objects before memory is looked through: most commands end before, and looking takes a fifth of their time."""


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; never raises."""
    from reviewer.cli.streams import complain
    from reviewer.commands.output_file import OutputError

    try:
        return int(_run(sys.argv[1:] if words is None else list(words)))
    except KeyboardInterrupt:
        return int(ExitCode.INTERRUPTED)
    except ReviewerError as error:
        complain(str(error))
        return int(error.code)
    except OutputError as error:
        if str(error):
            complain(str(error))
        return int(ExitCode.USAGE)
    except SystemExit as error:  # from the help of a command
        return error.code if isinstance(error.code, int) else int(ExitCode.USAGE)
    except BaseException as error:  # noqa: BLE001 - whatever goes wrong gets an exit code of its own
        return _fault(error)


def _run(words: list[str]) -> ExitCode:
    from reviewer.cli.streams import write_out

    if words and words[0] in ("-h", "--help", "help"):
        from reviewer.cli.general_help import general_help

        write_out(general_help())
        return ExitCode.PASSED
    if words and words[0] in ("-V", "--version"):
        from reviewer import __version__

        write_out(f"reviewer {__version__}\n")
        return ExitCode.PASSED
    from reviewer.commands.faces import TUI, find_face

    face = find_face(words[0]) if words else TUI
    return _command(words) if face is None else _open(face, words[1:])


def _open(face: Command, words: list[str]) -> ExitCode:
    """Start a face that stays open until a person has enough of it."""
    from reviewer.cli.streams import complain
    from reviewer.commands.command import Invocation
    from reviewer.commands.parsing import parse

    reply = face(Invocation(parse(face, words)))
    if reply.note:
        complain(reply.note)
    return reply.code


def _command(words: list[str]) -> ExitCode:
    from reviewer.cli.streams import (
        Progress,
        asker,
        colour_wanted,
        complain,
        speaks_unicode,
        width_of,
        write_out,
    )
    from reviewer.commands.command import Console, Invocation
    from reviewer.commands.output_file import write_file
    from reviewer.commands.parsing import parse
    from reviewer.commands.registry import find

    command = find(words[0])
    arguments = parse(command, words[1:])
    gc.set_threshold(_RARELY)
    file = arguments["output"]
    progress = Progress(sys.stderr, os.environ)
    console = Console(
        colour=colour_wanted(arguments["colour"], None if file else sys.stdout, os.environ),
        width=width_of(None if file else sys.stdout),
        unicode=speaks_unicode(sys.stdout, to_file=bool(file)),
        progress=progress.reporter(),
        news=progress.news,
        course=progress.course,
        ask=asker(sys.stdin, sys.stderr),
    )
    try:
        reply = command(Invocation(arguments, console))
    finally:
        progress.clear()
    if file:
        write_file(file, reply.text)
    else:
        write_out(reply.text)
    if reply.note:
        complain(reply.note)
    gc.freeze()  # an interpreter that ends looks through all memory: there is nothing to be found any more
    return reply.code


def _fault(error: BaseException) -> int:
    """Tell of a fault of this program's own in one line; the whole trace where somebody asked for it."""
    from reviewer.cli.streams import complain

    if os.environ.get("REVIEWER_DEBUG"):
        import traceback

        complain("".join(traceback.format_exception(error)))
    else:
        complain(f"internal error: {type(error).__name__}: {error} (REVIEWER_DEBUG=1 shows where)")
    return int(ExitCode.USAGE)
