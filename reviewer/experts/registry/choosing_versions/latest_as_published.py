"""REG027: whatever is published last is the latest version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Case,
    Expr,
    Function,
    Index,
    Member,
    Name,
    Node,
    Object,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, function_of, walk
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LATEST: Final = frozenset("latest newest".split())
_SETS_COLUMN: Final = regex(
    r"(?i)^\s*update\s+\w+\s+set\s(?:[^;]{0,200},)?\s*(?:latest|newest)(?:_version)?\s*=\s*(?:\?|%s|:\w|\$\d|@\w)"
)
"""A statement that sets a column named latest to what is given."""
_LONGEST: Final = 4_000
_COMPARES: Final = frozenset(
    "gt gte lt lte compare rcompare compareversions sort max sorted version parse maxsatisfying order newest highest "
    "cmp isnewer newer greater prerelease".split()
)
_PUBLISHES: Final = frozenset(
    "publish published release released register registered add added upload submit put store save announce".split()
)


@module_check("REG027", words=_LATEST)
def latest_as_published(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every write of a pointer to the latest version for a comparison on the way."""
    if module.is_test:
        return
    for node in module.all_nodes:
        place, value = _moved(node)
        if place is None or value is None or not _says_version(value):
            continue
        step = _step(node)
        if step is None or _compares(step):
            continue
        yield Match(
            place,
            f"'{short(module.text_of(value))}' becomes the latest because it was published last: a fix of an old "
            "version, or a prerelease, is offered to everybody.",
        )


def _says_version(value: Expr) -> bool:
    return bool(set(last_words(value)[-1:]) & {"version", "release", "ver", "tag"})


def _values(call: Call) -> list[Expr]:
    """Return what a call gives beside its first argument, what stands in lists included."""
    given = [strip(one) for one in call.args[1:]]
    return [strip(part) for one in given for part in (one.items if isinstance(one, Array) else [one])]


def _moved(node: Node) -> tuple[Node | None, Expr | None]:
    """Return where a pointer named latest is written, and what it points to from then on."""
    if isinstance(node, Assign) and node.value is not None:
        target = strip(node.target)
        held = target.object if isinstance(target, Index) else target
        if set(last_words(held)[-1:]) & _LATEST and isinstance(target, Index | Member):
            return node, strip(node.value)
    elif isinstance(node, Call) and node.name == "set" and len(node.args) == 2 and node.receiver is not None:
        if set(last_words(node.receiver)[-1:]) & _LATEST:
            return node, strip(node.args[1])
    elif isinstance(node, Call) and node.args and _SETS_COLUMN.search(text_of(strip(node.args[0]))[:_LONGEST]):
        return node, next((one for one in _values(node) if _says_version(one)), None)
    elif isinstance(node, Object) and len(node.entries) == 2 and node.entries[0][0] is None:
        key, value = node.entries[1]
        copied = set(last_words(strip(node.entries[0][1]))[-1:]) & _LATEST
        if copied and key is not None and isinstance(strip(key), Name | Member):
            return key, strip(value)
    return None, None


def _step(node: Node) -> Node | None:
    """Return the function, or the arm of a switch, that publishes."""
    for around in ancestors(node):
        if isinstance(around, Case):
            said = {word for test in getattr(around, "tests", ()) for word in words(str(getattr(test, "value", "")))}
            return around if said & _PUBLISHES else None
        if isinstance(around, Function) and around.name:
            return around if set(words(around.name)) & _PUBLISHES else None
    function = function_of(node)
    return function if function is not None and set(words(function.name)) & _PUBLISHES else None


def _compares(step: Node) -> bool:
    """Tell whether versions are put in order on the way."""
    for call in calls_in(step):
        if {*words(call.name), call.name.lower()} & _COMPARES:
            return True
    return any(
        getattr(part, "op", "") in ("<", ">", "<=", ">=") or set(words(getattr(part, "name", "") or "")) & {"newer"}
        for part in walk(step)
    )
