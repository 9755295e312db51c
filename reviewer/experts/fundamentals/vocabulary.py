"""Words of the reference model: plugins, identities, dependencies, entry points, manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Index, Literal, Member, Name, strip
from reviewer.code.text import ideas
from reviewer.code.text.words import words

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from reviewer.code.syntax import Node

PLUGINS: Final = frozenset(
    "plugin plugins plug extension extensions ext exts addin addins addon addons skill skills widget widgets module "
    "modules mod mods effect effects theme themes bot bots integration integrations connector connectors pack packs "
    "overlay overlays applet applets gadget gadgets app apps component components package packages recipe recipes "
    "macro macros kit kits panel panels feature add in manifest manifests descriptor".split()
)
"""What systems call what they load, and its description."""

MANIFESTS: Final = ideas.MANIFESTS - {"definition", "definitions"}
"""What code calls the description of a plugin."""

DEPENDENCIES: Final = ideas.DEPENDENCIES | {"uses", "after", "extends"}
"""What manifests and code call other plugins that a plugin needs."""

ENTRIES: Final = ("main", "entry", "entryPoint", "entry_point", "entrypoint")
"""Members of a manifest that name the file or the class to load."""

FOLDERS: Final = frozenset(
    "plugins plugin extensions extension addons addon addins addin skills skill widgets widget mods modules themes "
    "effects overlays packs integrations connectors applets gadgets recipes bots macros kits".split()
)
"""What hosts call the folder that the plugins are in."""


def flat(name: str) -> str:
    """Return a name in lower case without separators."""
    return "".join(words(name))


def spelled(expr: Node | None) -> str:
    """Return the last name of an expression: ``b`` of ``a.b``, ``a["b"]``, ``a?.b`` and ``a.get("b")``."""
    if not isinstance(expr, Expr):
        return ""
    expr = strip(expr)
    if isinstance(expr, Name):
        return expr.id
    if isinstance(expr, Member):
        return expr.name
    key: Expr | None = None
    if isinstance(expr, Index):
        key = strip(expr.key)
    elif isinstance(expr, Call) and expr.name in ("get", "pop") and expr.args:
        key = strip(expr.args[0])
    return key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""


def has(name: str, vocabulary: AbstractSet[str]) -> bool:
    """Tell whether one of the words of an identifier is in a vocabulary."""
    return not vocabulary.isdisjoint(words(name))
