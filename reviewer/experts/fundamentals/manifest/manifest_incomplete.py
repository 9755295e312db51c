"""FUN001: a manifest that lacks what every host has to know of a plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.nearest import nearest
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.fields import first_line
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.manifests import SPELLINGS, is_empty, member, plugin_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_EXAMPLES: Final = {
    "id": '"id": "com.acme.word-count"',
    "name": '"name": "Word count"',
    "version": '"version": "1.0.0"',
    "main": '"main": "dist/index.js"',
}
_ID_LIKE: Final = r"^@?[a-z0-9][a-z0-9._/-]*$"


@subject_check("FUN001")
def manifest_incomplete(inquiry: Inquiry) -> Iterator[Match]:
    """Speak once for the members that are missing, and at each that is empty."""
    document = plugin_manifest(inquiry)
    if document is None or inquiry.subject.assumed:
        return
    missing: list[str] = []
    for name in SPELLINGS:
        value = member(document.root, name)
        if value is None:
            if not _stands_for(document.root, name) and not _misspelt(document.root, name):
                missing.append(name)
        elif is_empty(value):
            yield Match(
                value.key or value,
                f"'{name}' is there and says nothing; expected a text, for example {_EXAMPLES[name]}.",
            )
    if missing:
        listed = " and ".join(filter(None, [", ".join(f"'{one}'" for one in missing[:-1]), f"'{missing[-1]}'"]))
        yield Match(
            first_line(document),
            f"The manifest lacks {listed}; the smallest that would be right: "
            f"{', '.join(_EXAMPLES[one] for one in missing)}.",
        )


def _stands_for(root: Value, name: str) -> bool:
    """Tell whether another member says the same: a name that is an identity, an id that people can read."""
    if name == "id":
        value = root.get("name")
        return value is not None and found(_ID_LIKE, value.text)
    return name == "name" and root.get("id") is not None and root.get("description") is not None


def _misspelt(root: Value, name: str) -> bool:
    """Tell whether a member is nearly called so; the rule about misspelt members says that."""
    return any(nearest(key, [name]) == name and abs(len(key) - len(name)) <= 1 for key, _value in root.members())
