"""API049: a plugin that does not say for which version it was made is taken for one of the host's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Literal
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.own_default import decides, own_defaults
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.own_default import OwnDefault

_COMPARES: Final = frozenset({"==", "!=", "<", ">", "<=", ">="})
_VERSIONS: Final = word_set("version versions api abi major level protocol revision contract format schema generation")
"""Words of what says for which edition of a host something was made."""


@module_check("API049", words=_VERSIONS)
def missing_version_fits(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each version that is held against the host's own and is that where the plugin says none."""
    if module.is_test:
        return
    for found in own_defaults(module, _COMPARES):
        if decides(found.node) and set(last_words(found.other)) & _VERSIONS and _asked(found) & _VERSIONS:
            yield Match(
                found.node,
                f"What says no version is taken for '{short(module.text_of(found.other))}' and compared with it: "
                "whatever is so old that it never heard of versions fits.",
                related=((found.made, "what is missing becomes the host's own here"),),
                fix="Take what says no version for one that doesn't fit.",
            )


def _asked(found: OwnDefault) -> set[str]:
    """Return the words of what the plugin is asked for."""
    made = found.made
    if isinstance(made, Binary):
        return set(last_words(made.left))
    if not isinstance(made, Call):
        return set()
    named = made.args[-2]
    return set(words(str(named.value))) if isinstance(named, Literal) else set(last_words(named))
