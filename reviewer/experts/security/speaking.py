"""Whether a file speaks of plugins at all: else only a name says that they get what it makes."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.experts.lifecycle.vocabulary import PLAIN_PLUGIN_WORDS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_SPEAKS: Final = regex(rb"(?i)plug-?in|add-?[oi]n\b|guest|[^.]extensions?\b")


def speaks_of_plugins(module: Module) -> bool:
    """Tell whether a file is named for plugins, or says their name."""
    return module.once(
        "security.speaks of plugins",
        lambda: (
            _SPEAKS.search(module.source) is not None
            or bool(set(words(PurePosixPath(module.path).stem)) & PLAIN_PLUGIN_WORDS)
        ),
    )
