"""SEC282: a setting that holds a secret, and that the host keeps and shows as plain text."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from reviewer.code.text.words import words
from reviewer.experts.assistant.host import BUNDLE, PLUGIN
from reviewer.experts.check import Match, subject_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_SECRET: Final = frozenset("password passwd secret apikey token passphrase credential credentials pat".split())
_PAIRS: Final = (("api", "key"), ("access", "key"), ("private", "key"), ("secret", "key"), ("auth", "key"))
_OTHER: Final = frozenset(
    "path url count limit max min budget name id type expiry ttl length dir directory endpoint window usage".split()
)
"""Words that say that it is something about a secret, or another kind of token."""


@subject_check("SEC282")
def secret_not_sensitive(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the settings that the manifest asks people for."""
    if inquiry.subject.ecosystem not in (PLUGIN, BUNDLE) or inquiry.manifest is None:
        return
    table = inquiry.manifest.get("user_config" if inquiry.subject.ecosystem == BUNDLE else "userConfig")
    for name, value in table.members() if table is not None else ():
        kind, sensitive = value.get("type"), value.get("sensitive")
        if kind is None or kind.text != "string" or (sensitive is not None and sensitive.data is True):
            continue
        parts = words(name)
        pairs = set(pairwise(parts))
        secret = _SECRET & set(parts) or pairs.intersection(_PAIRS)
        if secret and not _OTHER & set(parts):
            yield Match(
                sensitive if sensitive is not None else value.key or value,
                f"'{name}' holds a secret, and without '\"sensitive\": true' it is shown and kept as plain text.",
            )
