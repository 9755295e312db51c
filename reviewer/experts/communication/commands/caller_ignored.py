"""COM364: a function is told who calls, as those beside it are that look at it, and does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Function, Name, Node, Param
from reviewer.code.text.words import words
from reviewer.code.walk import find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import CALLERS, PLUGINS
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class
    from reviewer.experts.check import Inquiry

_TOLD: Final = (CALLERS | PLUGINS) - frozenset("session source from by user client theme effect component".split())
_ENOUGH: Final = 2
"""Methods beside it that look at the caller."""
_LONG: Final = 2
"""Statements of which a function has at least so many; a shorter one may be a stub."""


@module_check("COM364", words=_TOLD)
def caller_ignored(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the public methods of each class that take the caller first."""
    if module.is_test:
        return
    for cls in module.classes:
        if cls.kind != "class":
            continue
        for name in _names(cls):
            told = [method for method in _public(cls) if method.params[0].name == name]
            looking = [method for method in told if _looks(module, method, name)]
            if len(looking) < _ENOUGH:
                continue
            for method in told:
                if _unread(method, name) and len(method.body) >= _LONG:
                    yield Match(
                        method,
                        f"'{method.name}' is told who calls ('{name}') and never looks at it, while "
                        f"'{looking[0].name}' and '{looking[1].name}' ask what that one may: it works for anybody.",
                        related=((looking[0], "this one looks"),),
                    )


def _public(cls: Class) -> list[Function]:
    return [
        method
        for method in cls.methods
        if method.kind == "method" and not method.private and not method.signature_only and method.params
    ]


def _names(cls: Class) -> list[str]:
    """Return the names of first parameters that say who calls."""
    first = [method.params[0] for method in _public(cls)]
    return sorted({param.name for param in first if _plain(param) and set(words(param.name)) & _TOLD})


def _plain(param: Param) -> bool:
    return bool(param.name) and not param.rest and not param.name.startswith("_")


def _looks(module: Module, method: Function, name: str) -> bool:
    """Tell whether a method asks what the caller may, or holds it against somebody."""
    for call in find(method.body, Call):
        if is_check(module, call) and any(one.id == name for one in find(call, Name)):
            return True
    for test in find(method.body, Binary):
        if test.op in ("==", "!=", "in", "not in") and any(one.id == name for one in find(test, Name)):
            around: Node | None = test.parent
            body = getattr(around, "body", None)
            if isinstance(body, list) and refuses(body):
                return True
    return False


def _unread(method: Function, name: str) -> bool:
    return not any(isinstance(node, Name) and node.id in (name, "locals", "arguments") for node in walk(method.body))
