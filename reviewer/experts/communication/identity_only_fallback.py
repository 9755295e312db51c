"""COM413: what a host makes for one plugin uses that plugin's identity only where the plugin names no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Function,
    Literal,
    Name,
    Node,
    Object,
    Param,
    strip,
)
from reviewer.code.walk import class_of, find, function_of
from reviewer.code.words import words
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ACTORS: Final = frozenset(
    "caller calling requester requestor sender principal actor issuer asker by behalf impersonate impersonating as "
    "from plugin extension addin addon emitter".split()
)
"""Words of a name that says who acts."""
_TAILS: Final = frozenset("id name key slug uid ref".split())


@module_check("COM413", words=_ACTORS)
def identity_only_fallback(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each choice between what the caller says and the identity that the object was made with."""
    if module.is_test:
        return
    for node in module.some(Binary, Conditional):
        said, own = _choice(node)
        if said is None or own is None:
            continue
        function, cls = function_of(node), class_of(node)
        param = _param(module, said, function)
        if function is None or cls is None or param is None or function.private or function.kind != "method":
            continue
        if _says_actor(param.name) or _goes_to_actor(node):
            known = _identity(module, cls, own)
            if known:
                yield Match(
                    node,
                    f"'{param.name}' is what the caller says, and '{known}', for whom this object was made, is asked "
                    "only where it says nothing: whoever names another acts as that one.",
                )


def _choice(node: object) -> tuple[Expr | None, Expr | None]:
    """Return both sides of ``said ?? own``, ``said or own`` and ``said ? said : own``."""
    if isinstance(node, Binary) and node.op in ("??", "or"):
        return strip(node.left), strip(node.right)
    if isinstance(node, Conditional):
        said = strip(node.then)
        return said, strip(node.other)
    return None, None


def _param(module: Module, said: Expr, function: Function | None) -> Param | None:
    bound = module.scopes.lookup(said.id, said) if isinstance(said, Name) else []
    only = bound[0] if len(bound) == 1 else None
    return only if isinstance(only, Param) and only.parent is function and function is not None else None


def _says_actor(name: str) -> bool:
    head = [word for word in words(name) if word not in _TAILS]
    return bool(head) and _ACTORS.issuperset(word for word in head if word not in ("on", "of"))


def _goes_to_actor(node: Node) -> bool:
    """Tell whether a value becomes what says who acts: ``Order(…, by=value)``, ``{ caller: value }``."""
    around = node.parent
    if isinstance(around, Call):
        return any(value is node and _says_actor(key) for key, value in around.keywords.items())
    if isinstance(around, Object):
        return any(
            value is node and isinstance(key, Literal) and _says_actor(str(key.value)) for key, value in around.entries
        )
    return False


def _identity(module: Module, cls: Class, own: Expr) -> str:
    """Return the field with the identity that an object was made with, if an expression is that; else nothing."""
    if not is_this_member(own) or not set(words(own.name)) & (_TAILS | _ACTORS):
        return ""
    begin = cls.method("constructor") or cls.method("__init__")
    if begin is None:
        return ""
    made = [one for one in module.scopes.fields(cls).get(own.name, ()) if one.value is not None]
    given = {param.name for param in begin.params}
    from_outside = any(
        name.id in given for one in made if one.value is not None for name in find(one.value, Name)
    ) or any(param.name == own.name and param.access for param in begin.params)
    return module.text_of(own) if from_outside else ""
