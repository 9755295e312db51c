"""API442: what came is checked into something clean, and what came is handed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Await, Call, Function, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import behind, calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PARSES: Final = frozenset(
    "parse safeParse parseAsync safeParseAsync model_validate validate_python validateSync decode cast".split()
)
"""Methods of schemas that give what they have checked."""
_OF_TEXTS: Final = frozenset({"json", "date", "url", "path", "number", "qs", "querystring", "yaml", "toml", "semver"})
"""What has a method ``parse`` and is no schema."""
_RUNS: Final = frozenset("run execute invoke handle handler perform action act callback apply call dispatch".split())


@module_check("API442", words={"parse", "validate", "decode", "cast"})
def raw_after_check(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each result of a schema for a handler that is given what the schema was given."""
    if module.is_test:
        return
    for made in module.calls(_PARSES):
        given = strip(made.args[0]) if made.args and not made.new else None
        kept = _kept(made)
        function = function_of(made)
        if not isinstance(given, Name) or not kept or function is None or not _is_schema(made):
            continue
        if not module.scopes.is_param(given) or kept == given.id:
            continue
        for handed in _handlers_after(module, function, made):
            raw = next(_told(handed, given.id), None)
            if raw is None or any(True for _ in _told(handed, kept)):
                continue
            yield Match(
                raw,
                f"'{short(module.text_of(handed.callee))}' gets '{given.id}' as it came; what "
                f"'{short(module.text_of(made.callee))}' checked, dropped and converted is in '{kept}'.",
                related=((made, "checked here"),),
                fix=f"Hand on what stands in '{kept}'.",
            )
            break


def _kept(made: Call) -> str:
    """Return the name under which a result is kept."""
    around = made.parent.parent if isinstance(made.parent, Await) else made.parent
    return around.target.id if isinstance(around, Assign) and isinstance(around.target, Name) else ""


def _is_schema(made: Call) -> bool:
    return made.receiver is not None and not set(last_words(made.receiver)) & _OF_TEXTS


def _handlers_after(module: Module, function: Function, made: Call) -> Iterator[Call]:
    """Yield the calls behind a check that run what somebody else has registered."""
    for call in calls_in(function.body):
        said = words(call.name)
        if not behind(call, made) or not said or said[-1] not in _RUNS or definition(module, call.callee) is not None:
            continue
        if isinstance(call.callee, Member):
            yield call


def _told(call: Call, name: str) -> Iterator[Name]:
    """Yield where a call is given something of this name."""
    return (
        one
        for arg in (*call.args, *call.keywords.values())
        for one in find(arg, Name, into_functions=False)
        if one.id == name
    )
