"""SEC222: a content security policy of an extension that lets in code from elsewhere, or from text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Severity
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_OWN: Final = r"(?i)^('(self|none|wasm-unsafe-eval)'|'sha(256|384|512)-.*'|(chrome|moz)-extension:.*)$"
_LOCAL: Final = r"(?i)^(https?|wss?)://(localhost|127\.0\.0\.1)([:/].*)?$"
_SCRIPTS: Final = ("script-src", "script-src-elem", "worker-src")


@subject_check("SEC222")
def weak_policy(inquiry: Inquiry) -> Iterator[Match]:
    """Read the policy of the pages of the extension, not that of its sandboxed pages."""
    if inquiry.manifest is None:
        return
    whole = inquiry.manifest.get("content_security_policy")
    for value in (whole, inquiry.manifest.get("content_security_policy", "extension_pages")):
        if value is not None and value.text:
            yield from _of_policy(value)


def _of_policy(value: Value) -> Iterator[Match]:
    directives = _directives(value.text)
    names: list[str] = [name for name in _SCRIPTS if name in directives] or ["default-src"]
    told: set[str] = set()
    for name in names:
        for source in directives.get(name, ()):
            said = _problem(source)
            if said and source not in told:
                told.add(source)
                severity = Severity.LOW if found(_LOCAL, source) else None
                yield Match(value, f"'{name}' of the policy has {short(source)}: {said}.", severity=severity)


def _directives(text: str) -> dict[str, list[str]]:
    """Return the sources of each directive; of one that is repeated the first counts, as in browsers."""
    made: dict[str, list[str]] = {}
    for part in text[:10_000].split(";"):
        name, *sources = part.split()[:200] or [""]
        if name:
            made.setdefault(name.lower(), sources)
    return made


def _problem(source: str) -> str:
    if found(_OWN, source):
        return ""
    lower = source.lower()
    if lower == "'unsafe-eval'":
        return "any text that reaches eval, new Function or a timer runs as code of the extension"
    if lower in ("'unsafe-inline'", "'unsafe-hashes'"):
        return "markup that slips into a page runs as code of the extension"
    if lower.startswith("'"):
        return ""
    if found(_LOCAL, source):
        return "whatever listens there can give the extension its code; leave it to a build for development"
    return "the code that runs there is not the code that was reviewed, and whoever has that server has the extension"
