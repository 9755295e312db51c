"""Names by which a host knows its own plugins."""

from __future__ import annotations

from typing import Final

from reviewer.code.syntax import (
    Expr,
    Name,
    strip,
)
from reviewer.code.text.ideas import SINGLE_MANIFESTS
from reviewer.code.text.words import words
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.values.access import step

_OWN: Final = word_set("id name key slug publisher author vendor namespace identifier")
"""What a plugin calls itself."""
_PLUGINS: Final = (
    word_set(
        "plugin plugins extension extensions ext addon addin skill widget bot integration connector pkg "
        " package caller publisher author vendor entry record theme module pack app mod"
    )
    | SINGLE_MANIFESTS
)


def is_own_name(expr: Expr) -> bool:
    """Tell whether an expression is what a plugin calls itself: ``plugin.id``, ``pluginName``."""
    expr = strip(expr)
    found = step(expr)
    if found is not None:
        said = set(words(found[1]))
        whole = len(said) > 1 and said <= _PLUGINS | _OWN and bool(said & _OWN)
        return whole or (found[1].lower() in _OWN and bool(path_words(found[0]) & _PLUGINS))
    said = set(words(expr.id)) if isinstance(expr, Name) else set()
    return bool(said & _PLUGINS) and bool(said & _OWN)
