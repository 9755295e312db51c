"""Whether a file speaks of plugins at all: else only a name says that they get what it makes."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.experts.lifecycle.bringing.loading import LOADERS, loads
from reviewer.experts.lifecycle.vocabulary import PLAIN_PLUGIN_WORDS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_SPEAKS: Final = regex(rb"(?i)plug-?in|add-?[oi]n\b|guest|[^.]extensions?\b")
_TELLS_OF: Final = regex(rb"\b(?:[A-Z]\w{1,40}(?:Manifest|Descriptor)|[Mm]anifest)\b")
"""A type of what a guest says of itself."""
_OTHER: Final = (b"PropertyDescriptor", b"FileDescriptor", b"webpack", b"PerformanceResource")


def speaks_of_plugins(module: Module) -> bool:
    """Tell whether a file is named for plugins, or says their name."""
    return module.once(
        "security.speaks of plugins",
        lambda: (
            _SPEAKS.search(module.source) is not None
            or _tells_of_guests(module.source)
            or any(loads(module, call) for call in module.calls(LOADERS))
            or bool(set(words(PurePosixPath(module.path).stem)) & PLAIN_PLUGIN_WORDS)
        ),
    )


def _tells_of_guests(source: bytes) -> bool:
    """Tell whether a file has a type of what guests say of themselves: ``AidDescriptor``, a manifest."""
    return _TELLS_OF.search(source) is not None and not any(one in source for one in _OTHER)
