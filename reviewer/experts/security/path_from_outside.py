"""SEC055: a value from outside is part of a path, and nothing keeps the path in its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Class, Name, Object
from reviewer.code.walk import function_of
from reviewer.code.words import words
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.file_calls import READS, WRITES, appended, file_calls
from reviewer.experts.security.guards import limited
from reviewer.experts.security.provenance import trace
from reviewer.experts.security.sinks import said, shown
from reviewer.experts.security.vocabulary import word_set
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call, Expr
    from reviewer.experts.check import Inquiry
    from reviewer.experts.security.provenance import Trace

_SURE: Final = frozenset({"request", "message", "argument_of_plugin"})
_CHOSEN: Final = word_set(
    "key name filename file path relative rel entry asset resource slug document page template attachment"
)
"""Names of a parameter by which a caller, in a host mostly a plugin, names a file."""
_ENDS: Final = word_set("dir directory folder root base home cwd")


@module_check("SEC055", words={w for name in READS | WRITES for w in words(name)})
def path_from_outside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every path that reaches a file for parts that somebody else chose."""
    if module.is_test or is_tooling(module.path):
        return
    for call, path in file_calls(module):
        parts = appended(module, path)
        if not parts:
            continue
        for part in parts:
            match = _of_part(inquiry, module, call, part, path)
            if match is not None:
                yield match
                break


def _of_part(inquiry: Inquiry, module: Module, call: Call, part: Expr, path: Expr) -> Match | None:
    found = trace(module, part)
    kinds = found.kinds() - {"environment", "file", "unknown", "argument"}
    if not kinds or limited(module, [part, path], call, found.names):
        return None
    origin = found.worst()
    if kinds & {"request", "message", "remote", "plugin"} or (
        inquiry.subject.kind == "host" and _handed_to_plugins(found)
    ):
        confidence = Confidence.LIKELY
    else:
        confidence = Confidence.POSSIBLE
    return Match(
        call,
        f"'{shown(module, part, 40)}', which comes from {said(origin)}, is part of the path: with '../' in it "
        f"'{call.name}' reaches any file.",
        confidence=confidence,
        severity=Severity.HIGH if call.name in WRITES or kinds & {"request", "message"} else Severity.MEDIUM,
    )


def _handed_to_plugins(found: Trace) -> bool:
    """Tell whether a public function of the host takes the name of a file from its caller."""
    for origin in found.origins:
        node = origin.node
        if origin.kind != "parameter" or not isinstance(node, Name):
            continue
        function = function_of(node)
        said_words = words(node.id)
        if (
            function is None
            or function.private
            or function.name.startswith(("_", "#"))
            or function.kind == "constructor"
            or (function.outer is not None and not isinstance(function.parent, Class | Object))
        ):
            continue
        if said_words and said_words[-1] in _CHOSEN and not set(said_words) & _ENDS:
            return True
    return False
