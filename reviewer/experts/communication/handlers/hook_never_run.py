"""COM600: the contract lists moments at which a host calls its plugins, and one of them never comes."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import Array, Assign, Call, Class, Literal, strip
from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_MOMENTS: Final = word_set(
    "hook hooks event events phase phases moment moments lifecycle extension point points tap taps"
)
_RUNS: Final = word_set(
    "ask call run emit fire trigger invoke dispatch notify publish broadcast tell apply raise announce send execute"
)
_TEXTS: Final = regex(r"[\"']([\w:./-]{2,80})[\"']")
_ONLY_TEXTS: Final = regex(
    r"[^=]{0,200}=\s{0,9}(?:\|?\s{0,99}[\"'][\w:./-]{2,80}[\"']\s{0,99}){3,60};?\s{0,9}", re.DOTALL
)
_LITERALS: Final = regex(r"(?:\w{1,20}\.)?Literal\[")
_LARGEST_LIST: Final = 60
_MOST_LISTS: Final = 20
"""Lists of moments of one subject that are looked at: each is held against all calls and texts."""
_COMMON: Final = frozenset({"on", "before", "after", "will", "did", "pre", "post", "to", "the"})


class _Told(Struct, frozen=True):
    """Calls by the name of the function and the text that it is told first, and functions told what is worked out."""

    literals: dict[str, dict[str, Call]]
    worked_out: frozenset[str]


@subject_check("COM600")
def hook_never_run(inquiry: Inquiry) -> Iterator[Match]:
    """Hold each list of moments against the calls that are made with their names."""
    if inquiry.subject.kind == "plugin":
        return
    lists = (
        (module, at, names)
        for module in inquiry.project.modules(naming=_MOMENTS, tests=False)
        for at, names in _listed(module)
    )
    told: _Told | None = None
    for module, at, names in islice(lists, _MOST_LISTS):
        told = _told(inquiry) if told is None else told
        run = _run(told, names)
        for name in names if run else ():
            if name not in run and not _is_named_elsewhere(inquiry, module, at, name):
                kin = _kin(name, run)
                yield Match(
                    kin or at,
                    f"'{short(name)}' is one of the moments at which plugins are called, and nothing calls them at "
                    "that one: who waits for it waits for ever, and nobody is told.",
                    related=((at, "listed here"),) if kin else ((next(iter(run.values())), "another one"),),
                )


def _listed(module: Module) -> Iterator[tuple[Node, list[str]]]:
    """Yield the lists of moments of a file: unions of texts, tuples, arrays, by their names."""
    for cls in module.all(Class):
        if cls.kind == "type" and set(words(cls.name)) & _MOMENTS:
            text = module.text_of(cls)
            if _ONLY_TEXTS.fullmatch(text):
                yield cls, _TEXTS.findall(text)
    for assign in module.all(Assign):
        value = strip(assign.value) if assign.value is not None else None
        name = last_name(assign.target)
        if not name or not set(words(name)) & _MOMENTS or value is None:
            continue
        if isinstance(value, Call) and value.name in ("freeze", "frozenset", "tuple", "set") and len(value.args) == 1:
            value = strip(value.args[0])
        if isinstance(value, Array) and 3 <= len(value.items) <= _LARGEST_LIST:
            texts = [item.value for item in map(strip, value.items) if isinstance(item, Literal)]
            if len(texts) == len(value.items) and all(isinstance(one, str) for one in texts):
                yield assign, [str(one) for one in texts]
        elif module.language == "python" and _LITERALS.match(module.text_of(value)):
            found = _TEXTS.findall(module.text_of(value))
            if len(found) > 2:
                yield assign, found


def _kin(name: str, run: dict[str, Call]) -> Call | None:
    """Return where plugins are called at the moment that has most in common with one: ``saved`` beside ``saving``."""
    mine = set(words(name)) - _COMMON
    shared = {other: len(mine & set(words(other))) for other in run}
    best = max(shared, key=lambda other: shared[other])
    return run[best] if shared[best] > 0 else None


def _told(inquiry: Inquiry) -> _Told:
    """Return what each function by whose name something is run is told first, and those told what is worked out."""
    found: dict[str, dict[str, Call]] = {}
    worked_out: set[str] = set()
    for module in inquiry.project.modules(naming=_RUNS, tests=False):
        for call in module.all(Call):
            if not call.args or not set(words(call.name)[:1]) & _RUNS:
                continue
            first = strip(call.args[0])
            if isinstance(first, Literal):
                found.setdefault(call.name, {}).setdefault(str(first.value), call)
            else:
                worked_out.add(call.name)
    return _Told(found, frozenset(worked_out))


def _run(told: _Told, names: list[str]) -> dict[str, Call]:
    """Return the moments at which plugins are called, each with a call that does it.

    There are none where a function that does it is called with a name that is worked out.
    """
    wanted = set(names)
    found = {
        name: {text: call for text, call in calls.items() if text in wanted} for name, calls in told.literals.items()
    }
    if not any(name not in told.worked_out and len(calls) > 1 for name, calls in found.items()):
        return {}
    return {text: call for calls in found.values() for text, call in calls.items()}


def _is_named_elsewhere(inquiry: Inquiry, module: Module, at: Node, name: str) -> bool:
    """Tell whether a file of the subject writes the name of a moment outside of the list itself."""
    start, end = at.raw.start_byte, at.raw.end_byte
    marks = [f"{quote}{name}{quote}".encode() for quote in ("'", '"', "`")]
    for path, text in inquiry.project.texts():
        outside = text[:start] + text[end:] if path == module.path else text
        if any(mark in outside for mark in marks):
            return True
        if name.isidentifier() and f".{name}".encode() in outside:
            return True
    return False
