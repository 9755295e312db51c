"""REG024: the entry of a plugin lies outside its package."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Severity
from reviewer.experts.check import Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_FIELDS: Final = (
    "main", "entry", "entryPoint", "entry_point", "module", "browser", "worker", "server", "client", "script",
    "background", "python", "executable", "backend", "frontend",
)  # fmt: skip
_MOST: Final = 50


@subject_check("REG024")
def entry_outside(inquiry: Inquiry) -> Iterator[Match]:
    """Look where the manifest says that the code of the plugin is."""
    document = inquiry.manifest
    if document is None or inquiry.subject.kind != "plugin":
        return
    for field in _FIELDS:
        held = document.get(field)
        for value in _texts(held) if held is not None else ():
            why = _outside(value.text)
            if why:
                yield Match(
                    value,
                    f"'{field}' is '{value.text[:80]}', {why}: the code that runs is no part of the package that was "
                    "reviewed and signed.",
                    severity=Severity.CRITICAL if "://" in value.text else None,
                )


def _texts(held: Value) -> Iterator[Value]:
    """Yield the texts in a field: itself, or those of a list or an object, one level deep."""
    values = [held, *held.items(), *(value for _key, value in held.members())]
    for value in values[:_MOST]:
        if value.kind == "string":
            yield value


def _outside(text: str) -> str:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text):
        return "an address"
    if re.match(r"/|[A-Za-z]:[\\/]|\\\\|~/", text):
        return "an absolute path"
    depth = 0
    for part in re.split(r"[\\/]+", text):
        depth += -1 if part == ".." else 0 if part in (".", "") else 1
        if depth < 0:
            return "a path that leaves the package"
    return ""
