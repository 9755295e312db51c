"""REG027: whatever is published last is the latest version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Expr, Function, Index, Member, Name, Node, Object, strip
from reviewer.code.walk import ancestors, calls_in, function_of, walk
from reviewer.code.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LATEST: Final = frozenset("latest newest".split())
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
        if place is None or value is None or not set(last_words(value)[-1:]) & {"version", "release", "ver", "tag"}:
            continue
        step = _step(node)
        if step is None or _compares(step):
            continue
        yield Match(
            place,
            f"'{short(module.text_of(value))}' becomes the latest because it was published last: a fix of an old "
            "version, or a prerelease, is offered to everybody.",
        )


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
    elif isinstance(node, Object) and len(node.entries) == 2 and node.entries[0][0] is None:
        key, value = node.entries[1]
        copied = set(last_words(strip(node.entries[0][1]))[-1:]) & _LATEST
        if copied and key is not None and isinstance(strip(key), Name | Member):
            return key, strip(value)
    return None, None


def _step(node: Node) -> Node | None:
    """Return the function, or the arm of a switch, that publishes."""
    for around in ancestors(node):
        if type(around).__name__ == "Case":
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
