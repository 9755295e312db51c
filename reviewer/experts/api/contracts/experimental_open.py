"""API034: experimental API is used, or handed out, without anybody asking for it by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import (
    Binary,
    Conditional,
    Literal,
    Member,
    Object,
)
from reviewer.code.text.ideas import FACES
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_EXPERIMENTAL: Final = frozenset({"experimental", "experiments", "unstable", "proposed", "canary", "labs"})
_CONTEXTS: Final = FACES | {"host", "scope", "for"}


@module_check("API034", words=_EXPERIMENTAL)
def experimental_open(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what a plugin takes of its context, and at what a host puts into one."""
    if module.is_test:
        return
    if inquiry.subject.kind == "plugin":
        yield from _used(inquiry, module)
    else:
        yield from _handed_out(module)


def _used(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    manifest = inquiry.manifest
    if manifest is None or any(not _EXPERIMENTAL.isdisjoint(words(text)) for text in _texts(manifest.root, 0)):
        return
    for use in module.all(Member):
        if _EXPERIMENTAL.isdisjoint(words(use.name)) or module.resolve(use.object) != "context":
            continue
        yield Match(
            use,
            f"'{use.name}' of the context may change with any release, and the manifest does not ask for it: the host "
            "can't warn whoever installs the plugin, nor keep it away.",
        )
        return


def _texts(value: Value, depth: int) -> Iterator[str]:
    """Yield the keys and texts of a manifest."""
    if value.kind == "string":
        yield value.text
    elif depth < 6 and value.kind == "object":
        for name, inner in value.members():
            yield name
            yield from _texts(inner, depth + 1)
    elif depth < 6 and value.kind == "array":
        for inner in value.items():
            yield from _texts(inner, depth + 1)


def _handed_out(module: Module) -> Iterator[Match]:
    for made in module.all(Object):
        function = function_of(made)
        if function is None or not set(words(function.name)) & _CONTEXTS or conditions(made):
            continue
        if any(isinstance(around, Conditional) for around in ancestors(made)):
            continue
        for key, value in made.entries:
            if isinstance(key, Literal) and not _EXPERIMENTAL.isdisjoint(words(str(key.value))):
                if isinstance(value, Conditional | Binary):
                    continue
                yield Match(
                    value,
                    f"'{key.value!s}' is handed to every plugin: nothing here asks whether this one wanted what may "
                    "change with any release.",
                    confidence=Confidence.POSSIBLE,
                )
