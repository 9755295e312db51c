"""Tells a value of another kind from what its name seems to say: ``req: Requirement`` is no request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import For, Name, Param
from reviewer.code.text.words import words
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_OPEN: Final = frozenset({"any", "unknown", "object", "dict", "mapping", "record", "t", "context", "ctx", "scope"})
_ONE_NAME: Final = regex(r"[A-Za-z_][\w.]*")


def declared_otherwise(declared: str, vocabulary: AbstractSet[str]) -> bool:
    """Tell whether a type is a single name that says neither any of these words nor that it may be anything."""
    bare = declared.partition("[")[0].partition("<")[0].strip().strip("'\"")
    if _ONE_NAME.fullmatch(bare) is None:
        return False
    said = words(bare.rsplit(".", 1)[-1])
    return bool(said) and not set(said) & (vocabulary | _OPEN | {"message", "event"})


def named_otherwise(module: Module, root: Expr | None, vocabulary: AbstractSet[str]) -> bool:
    """Tell whether a name is bound to a parameter of another type, or to the items of a collection."""
    bindings = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    only = bindings[0] if len(bindings) == 1 else None
    return isinstance(only, For) or (isinstance(only, Param) and declared_otherwise(only.type, vocabulary))
