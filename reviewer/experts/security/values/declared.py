"""Tells a value of another kind from what its name seems to say: ``req: Requirement`` is no request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Class, For, Function, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import names_in
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_OPEN: Final = frozenset({"any", "unknown", "object", "dict", "mapping", "record", "t", "context", "ctx", "scope"})
_CLIENTS: Final = ("urllib.request.", "urllib2.", "requests.", "httpx.", "grequests.")
"""Modules whose requests are those that the program itself sends."""
_GETS: Final = frozenset("get receive recv accept next read parse loads load current wait pop fetch from".split())
"""Words of calls that give what was made elsewhere."""
_CARRIERS: Final = frozenset(
    {"scope", "environ", "env", "receive", "event", "req", "request", "sock", "socket", "conn"}
)
"""What a server makes the request of that has arrived."""
_ONE_NAME: Final = regex(r"[A-Za-z_][\w.]*")


def declared_otherwise(declared: str, vocabulary: AbstractSet[str]) -> bool:
    """Tell whether a type is a single name that says neither any of these words nor that it may be anything."""
    bare = declared.partition("[")[0].partition("<")[0].strip().strip("'\"")
    if bare.startswith(_CLIENTS):
        return True
    if _ONE_NAME.fullmatch(bare) is None:
        return False
    said = words(bare.rsplit(".", 1)[-1])
    return bool(said) and not set(said) & (vocabulary | _OPEN | {"message", "event"})


def named_otherwise(module: Module, root: Expr | None, vocabulary: AbstractSet[str]) -> bool:
    """Tell whether a name is bound to a parameter of another type, or to the items of a collection."""
    bindings = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    only = bindings[0] if len(bindings) == 1 else None
    if isinstance(only, Assign):
        return _is_made_here(module, only)
    return isinstance(only, For) or (isinstance(only, Param) and declared_otherwise(only.type, vocabulary))


def _is_made_here(module: Module, given: Assign) -> bool:
    """Tell whether a class, or a function of the subject, makes a value: ``push_request = PushRequest(url)``.

    What a function gets out of a queue or a text may come from anywhere.
    """
    made = strip(given.value) if given.value is not None else None
    if not isinstance(made, Call) or set(words(made.name)) & _GETS or names_in(made.args) & _CARRIERS:
        return False
    return made.new or made.name[:1].isupper() or isinstance(definition(module, made.callee), Function | Class)
