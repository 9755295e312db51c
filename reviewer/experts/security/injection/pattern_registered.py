"""SEC062: a plugin registers a regular expression, and the host runs it on what everybody sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.syntax import (
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Template,
    strip,
)
from reviewer.code.text.ideas import GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.security.reaching.sinks import shown, sinks
from reviewer.experts.security.values.access import path_of
from reviewer.experts.security.values.guards import limited
from reviewer.experts.security.values.provenance import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COMPILES: Final = frozenset({"RegExp", "re.compile", "regex.compile"})
_REGISTERS: Final = word_set("register contribute add mount subscribe on define provide declare attach enrol")
_SOURCES: Final = frozenset({"parameter", "unknown"})


@module_check("SEC062", words={"regexp", "reg", "compile"})
def pattern_registered(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each pattern that a function compiles of what it registers for a plugin."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for sink in sinks(module, _COMPILES):
        pattern = sink.arg(0, "pattern")
        function = _registering(sink.call)
        if pattern is None or function is None or isinstance(pattern, Literal) or not _is_kept(sink.call):
            continue
        param = next((one for part in _parts(module, pattern) if (one := _told(module, function, part))), None)
        if param is None or not trace(module, pattern).kinds() <= _SOURCES or limited(module, [pattern], sink.call):
            continue
        yield Match(
            sink.call,
            f"'{shown(module, pattern, 40)}', which '{function.name}' is handed by a plugin, is a regular expression "
            "here: one like '(a+)+$' holds the host up for hours.",
        )


def _registering(call: Call) -> Function | None:
    """Return the function around that takes something in for a plugin that it is told of."""
    function = function_of(call)
    while function is not None and not function.name:
        function = function.outer
    if function is None or not set(words(function.name)[:1]) & _REGISTERS:
        return None
    return function if any(set(words(one.name)[:1]) & GUESTS for one in function.params) else None


def _is_kept(call: Call) -> bool:
    """Tell whether a pattern outlives the place where it is made, and is not only tried on one text."""
    return use_of(call).how != "dropped" and not isinstance(call.parent, Member | Index)


def _parts(module: Module, pattern: Expr) -> list[Expr]:
    made = module.scopes.origin(pattern)
    whole = made if isinstance(made, Template) else pattern
    return whole.holes if isinstance(whole, Template) else [whole]


def _told(module: Module, function: Function, part: Expr) -> Param | None:
    """Return the parameter that a part of a pattern is taken from, or from whose elements it is taken."""
    if any(isinstance(one, Call) and "escape" in words(one.name) for one in find(part, Call)):
        return None
    expr = strip(part)
    for _ in range(3):
        root, _names = path_of(module, expr)
        if isinstance(root, Param) and root.parent is function:
            return root
        source = _gone_through(module, root) if root is not None else None
        if source is None:
            return None
        expr = strip(source)
    return None


def _gone_through(module: Module, root: Param | Name) -> Expr | None:
    """Return the collection of which a name is one element after the other."""
    if isinstance(root, Param):
        around = root.parent.parent if isinstance(root.parent, Function) else None
        return around.receiver if isinstance(around, Call) and root.parent in around.args else None
    bound = module.scopes.lookup(root.id, root)
    loop = bound[0] if len(bound) == 1 else None
    if isinstance(loop, For):
        return loop.iterable
    if isinstance(loop, Comprehension) and any(one is loop for one in ancestors(root)):
        return loop.clauses[0][1]
    return None
