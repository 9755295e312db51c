"""LIF186: a folder that is laid out for an attempt becomes the target where all goes well, and else stays for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Expr, Function, Member, Name, Return, Yield, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in, statement_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAKES: Final = frozenset({"mkdtemp", "mkdtempSync"})
_MOVES: Final = frozenset({"replace", "rename", "renameSync", "move", "moveSync", "renames"})
_CLEARS: Final = word_set("rm rmdir rmtree unlink remove delete discard cleanup clear clean erase purge del")
_KEEPS: Final = frozenset(
    {"append", "add", "push", "set", "register", "callback", "enter_context", "defer", "finalize"}
)
_PLAIN: Final = frozenset(
    "join resolve Path joinpath str mkdir makedirs writeFile writeFileSync write_bytes write_text open".split()
)
"""Calls that only make a path, or write what is at hand; these hardly ever fail."""


@module_check("LIF186", words={"mkdtemp"})
def staging_only_moved(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each temporary folder that is moved to its place for what becomes of it when a step before fails."""
    if module.is_test:
        return
    for made in module.all(Assign):
        function, target = function_of(made), made.target
        begins = made.value is not None and any(call.name in _MAKES for call in calls_in(made.value))
        if function is None or not isinstance(target, Name) or not begins:
            continue
        move = next((call for call in calls_in(function.body) if _moves(call, target.id)), None)
        if move is None or statement_of(move) is None:
            continue
        uses = [call for call in calls_in(function.body) if call.start > made.stop and target.id in names_in(call)]
        work = [call for call in uses if call.stop <= move.start and call.name not in _PLAIN]
        if (
            work
            and not any(_takes_care(module, call, target.id) for call in uses)
            and not _goes_on(function, target.id)
        ):
            yield Match(
                made,
                f"'{target.id}' becomes the target where all goes well; when a step before that fails, it is left "
                "behind with what was put into it, and nothing ever takes it away.",
                related=((move, "moved here"),),
                fix="Clear it away where a step fails: an except that removes it and raises, or a finally.",
            )


def _moves(call: Call, name: str) -> bool:
    parts = [*call.args[:1], *([call.receiver] if call.receiver is not None else [])]
    return call.name in _MOVES and any(_is(one, name) for one in parts)


def _takes_care(module: Module, call: Call, name: str) -> bool:
    """Tell whether a call clears the folder away, or hands it to what may: by its name, its arguments or its body."""
    if set(words(call.name)) & _CLEARS or call.name in _KEEPS:
        return True
    if any(set(last_words(arg)) & _CLEARS for arg in call.args):
        return True
    target = definition(module, call.callee)
    if not isinstance(target, Function):
        return call.name[:1].isupper() and call.name != "Path" and any(_is(arg, name) for arg in call.args)
    return any(set(words(inner.name)) & _CLEARS for inner in calls_in(target.body))


def _goes_on(function: Function, name: str) -> bool:
    """Tell whether a folder is given back, or kept beyond the function, as it is."""
    held: list[Expr | None] = [one.value for one in find(function.body, Return)]
    held += [one.value for one in find(function.body, Yield)]
    held += [one.value for one in find(function.body, Assign) if isinstance(one.target, Member)]
    return any(one is not None and _is(one, name) for one in held)


def _is(expr: Expr, name: str) -> bool:
    made = strip(expr)
    return isinstance(made, Name) and made.id == name
