"""API031: a member is deprecated, and nobody is told since when or what to use instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Literal, Template, strip
from reviewer.code.walk import walk
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TAG: Final = regex(rb"@deprecated\b([^@]{0,400}?)(?:\*/|\n\s*\*\s*@|\n\s*\n)")
"""The tag of a doc comment with what is said behind it; bounded, so that no text makes it slow."""
_SAYS: Final = regex(
    r"\d+\.\d+|\bv\d|\b20\d\d\b|\binstead\b|\breplac|\buse\b|\bshould\b|\bremove\b|\bno longer\b|\bprefer"
    r"|\bsee\b|\bmoved\b|\brenamed\b|{@link|->|→|\bin favou?r of\b|\bsuper[sc]ed|\bunused\b|\bnot (?:used|needed)\b"
    r"|\bconvert|\bupdate|\bmigrat|\bpass\b|\bswitch|\bignored?\b|\bdoes nothing\b|\bwithout setting\b"
    r"|\bprivate\b|\binternal\b|\bno effect\b|\bha(?:s|ve) been removed\b|\bremoved from\b",
    re.IGNORECASE,
)
_ABOVE: Final = 600
"""Bytes of a comment before a tag that are read."""
_STANDS_FOR: Final = regex(r"(?i)\bcompatib\w{0,10} (?:to|with|for)\b|\balias (?:of|for|to)\b|\binstead\b|\bsame as\b")
_OTHER_SCRIPT: Final = regex(r"[^\x00-\u024F]{4,}")
"""Words of a language of which nothing here is read."""
_FORBIDS: Final = regex(
    r"\b(?:do not|don't|should not|shouldn't|must not|never|not to)\b(?: be)? use[d]?\b(?: (?:this|it)\b)?",
    re.IGNORECASE,
)
_WARNINGS: Final = frozenset({"DeprecationWarning", "PendingDeprecationWarning", "FutureWarning"})


@module_check("API031", words={"deprecated", "deprecation"})
def deprecated_mute(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is said with each deprecation: of doc comments, of warnings, of decorators."""
    if module.is_test:
        return
    if module.language != "python":
        for hit in _TAG.finditer(module.source):
            start = hit.start()
            told = hit.group(1).decode("utf-8", "replace")
            if not _says(told) and not _OTHER_SCRIPT.search(told) and not _STANDS_FOR.search(_above(module, start)):
                yield Match(
                    locate_bytes(module, start, start + len("@deprecated")),
                    _message("It is marked so"),
                    confidence=None if _is_documentation(module, start) else Confidence.POSSIBLE,
                )
        return
    for call in module.calls(("warn", "deprecated")):
        said = _text(call.arg(0, "message"))
        if said is not None and _deprecates(module, call) and not _says(said):
            yield Match(call, _message("The warning says so"))


def _above(module: Module, start: int) -> str:
    """Return what the same comment says before a tag, of what is asked for still: ``Compatibility to handle()``."""
    begin = module.source.rfind(b"/**", max(0, start - _ABOVE), start)
    return module.source[begin:start].decode("utf-8", "replace") if begin >= 0 else ""


def _is_documentation(module: Module, start: int) -> bool:
    """Tell whether a tag begins a line of what editors show, and no note in the code: ``// @deprecated, for old apps``.

    ``@param name the key @deprecated`` is said of an argument, of which nobody hears.
    """
    line = module.source[module.source.rfind(b"\n", 0, start) + 1 : start].strip()
    return line in (b"*", b"/**")


def _says(text: str) -> bool:
    """Tell whether a text names a version or a successor; that something is not to be used says neither."""
    return bool(_SAYS.search(_FORBIDS.sub("", text)))


def _message(how: str) -> str:
    return (
        f"Deprecated, but {how[0].lower()}{how[1:]} without a version and without what to use instead: authors can't "
        "move, and nobody can ever take the member away."
    )


def _deprecates(module: Module, call: Call) -> bool:
    if call.name == "deprecated":
        return module.resolve(call.callee) in ("typing_extensions.deprecated", "warnings.deprecated")
    kind = call.arg(1, "category")
    return kind is not None and module.resolve(kind).rsplit(".", 1)[-1] in _WARNINGS


def _text(expr: Expr | None) -> str | None:
    """Return the constant text of a message, holes left out; None where it is no text in sight."""
    given = strip(expr) if expr is not None else None
    if isinstance(given, Literal) and isinstance(given.value, str):
        return given.value
    if isinstance(given, Template):
        parts = [part for part in walk(given) if isinstance(part, Literal)]
        return " ".join(str(part.value) for part in parts)
    return None
