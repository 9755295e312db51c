"""SEC062: somebody outside writes a regular expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Expr
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.sinks import said, shown, sinks, unlimited
from reviewer.experts.tooling import is_foreign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COMPILES: Final = frozenset(
    "RegExp re.compile re.match re.search re.fullmatch re.findall re.finditer re.sub re.subn re.split "
    "regex.compile".split()
)
_PLAIN: Final = frozenset(
    "escapeRegExp escapeRegex escapeStringRegexp escape-string-regexp escape re.escape fnmatch.translate "
    "translate globToRegExp picomatch.makeRe minimatch.makeRe makeRe".split()
)


@module_check("SEC062", words={"regexp", "re", "regex", "pattern", "reg"})
def pattern_from_outside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every regular expression that is made while the program runs."""
    if module.is_test or is_foreign(module.path):
        return
    for sink in sinks(module, _COMPILES):
        pattern = sink.arg(0, "pattern")
        if pattern is None or _escapes(module, pattern):
            continue
        found = unlimited(module, pattern, sink.call, _PLAIN)
        if found is None or not found.kinds() & {"request", "message", "remote", "manifest", "config", "stored"}:
            continue
        origin = found.worst()
        sure = bool(found.kinds() & {"request", "message", "remote", "manifest"})
        yield Match(
            sink.call,
            f"'{shown(module, pattern, 40)}', which comes from {said(origin)}, is a regular expression here: "
            "one like '(a+)+$' "
            "holds the program up for hours.",
            confidence=Confidence.LIKELY if sure else Confidence.POSSIBLE,
        )


def _escapes(module: Module, pattern: Expr) -> bool:
    """Tell whether special characters are escaped in place, by a replacement with a backslash before each."""
    text = module.text_of(pattern)
    origin = module.scopes.origin(pattern)
    if isinstance(origin, Expr):
        text += module.text_of(origin)
    return "\\$&" in text or "re.escape" in text
