"""SEC224 and SEC225: files that every page may load, and messages that anybody may send, by the manifest's word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.browser.patterns import is_everywhere
from reviewer.experts.check import Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_ALL_FILES: Final = frozenset({"*", "/*", "**", "/**", "**/*", "/**/*", "*.*", "/*.*", "*/*"})


@subject_check("SEC224")
def every_file_accessible(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the resources of the manifest that pages may load."""
    resources = inquiry.manifest.get("web_accessible_resources") if inquiry.manifest is not None else None
    for entry in resources.items() if resources is not None else ():
        listed = entry.get("resources")
        matches = entry.get("matches")
        reached = matches is None or any(is_everywhere(one.text) for one in matches.items())
        for one in [entry] if entry.text else listed.items() if listed is not None else ():
            if one.text in _ALL_FILES and (entry.text or (reached and matches is not None)):
                yield Match(
                    one,
                    f"'{one.text}' lets every web page load every file of the extension: its pages can be framed and "
                    "clicked through, and any site sees that the person has it.",
                )


@subject_check("SEC225")
def anybody_may_connect(inquiry: Inquiry) -> Iterator[Match]:
    """Look at who may send messages to the extension."""
    said = inquiry.manifest.get("externally_connectable") if inquiry.manifest is not None else None
    if said is None:
        return
    for one in _items(said, "matches"):
        if is_everywhere(one.text):
            yield Match(one, f"'{one.text}' lets every web page send messages to the extension.")
    for one in _items(said, "ids"):
        if one.text == "*":
            yield Match(one, "'*' lets every other extension send messages to this one.")


def _items(said: Value, name: str) -> list[Value]:
    found = said.get(name)
    return list(found.items()) if found is not None else []
