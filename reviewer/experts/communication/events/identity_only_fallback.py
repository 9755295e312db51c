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
    Member,
    Name,
    Node,
    Object,
    Param,
    strip,
)
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import NOT_WHO, PLUGINS, PUBLISHES
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ACTORS: Final = PLAIN_GUEST | frozenset(
    "caller calling requester requestor sender principal actor issuer asker behalf impersonate "
    "impersonating emitter".split()
)
"""Words of a name that says who acts."""
_SENDING: Final = PUBLISHES | {"post", "send", "tell", "say", "report", "notify", "announce"}
_ENOUGH: Final = 2
"""Methods that have to sign what they do for the name that they sign with to be an identity."""
_SOURCES: Final = (("source",), ("origin",), ("from",), ("by",), ("as",))
"""First words of what says where something comes from."""
_TAILS: Final = frozenset({"id", "name", "uid"})
_PLACES: Final = frozenset("directory dir folder path root file url uri host port".split())
"""Last words of where something is: that is nobody's identity."""


@module_check("COM413")
def identity_only_fallback(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each choice between what the caller says and the identity that the object was made with."""
    if module.is_test:
        return
    for node in module.some(Binary, Conditional, Call):
        said, own = _choice(node)
        if said is None or own is None:
            continue
        function, cls = function_of(node), class_of(node)
        param = _param(module, said, function)
        if function is None or cls is None or param is None or function.private or function.kind != "method":
            continue
        name = _asked_name(node) or param.name
        if (
            _says_actor(name)
            or _goes_to_actor(node)
            or _says_source(name, cls, own, function)
            or (_named_alike(name, own) and _is_signature(cls, own, function))
            or (_signs_first(node, function) and NOT_WHO.isdisjoint(words(name)) and _signs(cls, own, function))
        ):
            known = _identity(module, cls, own, plain=_says_actor(name))
            if known:
                yield Match(
                    node,
                    f"'{name}' is what the caller says, and '{known}', for whom this object was made, is asked "
                    "only where it says nothing: whoever names another acts as that one.",
                )


@module_check("COM413")
def identity_by_pattern(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each parameter that has the identity of its object where nobody gives it: ``{ behalf = this.name }``."""
    if module.is_test or module.language == "python":
        return
    for cls in module.classes:
        for method in cls.methods:
            if method.private or method.kind != "method":
                continue
            for param in method.params:
                given = [(param.name, param.default), *param.fallbacks.items()]
                for name, own in given:
                    held = strip(own) if own is not None else None
                    if held is None or not name or not (_says_actor(name) or _says_source(name, cls, held, method)):
                        continue
                    known = _identity(module, cls, held, plain=_says_actor(name))
                    if known:
                        yield Match(
                            held,
                            f"'{name}' is what the caller says, and '{known}', for whom this object was made, is asked "
                            "only where it says nothing: whoever names another acts as that one.",
                        )


def _choice(node: object) -> tuple[Expr | None, Expr | None]:
    """Return both sides of ``said ?? own``, ``said or own``, ``said ? said : own`` and ``said.get("who", own)``."""
    if isinstance(node, Call):
        taken = node.name in ("get", "pop") and len(node.args) == 2 and isinstance(strip(node.args[0]), Literal)
        return (strip(node.receiver), strip(node.args[1])) if taken and node.receiver is not None else (None, None)
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


def _says_source(name: str, cls: Class, own: Expr, function: Function) -> bool:
    """Tell whether a plugin says where something comes from, and the object knows which plugin it belongs to."""
    mine = set(words(own.name)) if isinstance(own, Member) else set()
    known = bool(mine & (PLUGINS - {"module", "component"})) or _is_signature(cls, own, function)
    return words(name)[:1] in _SOURCES and known


def _named_alike(name: str, own: Expr) -> bool:
    """Tell whether what the caller says is called as the identity that is known: ``picker`` and ``self.picker``."""
    mine = [word for word in words(own.name) if word not in _TAILS] if isinstance(own, Member) else []
    return bool(mine) and mine == [word for word in words(name) if word not in _TAILS]


def _is_signature(cls: Class, own: Expr, but: Function | None) -> bool:
    """Tell whether several methods say first to others for whom they act: ``self.wire.hear(self.picker, …)``."""
    return len(_signs(cls, own, but)) >= _ENOUGH


def _signs(cls: Class, own: Expr, but: Function | None) -> set[str]:
    """Return the methods that say first to others for whom they act."""
    if not is_this_member(own):
        return set()
    return {
        method.name
        for method in cls.methods
        if method is not but and method.kind == "method"
        for call in calls_in(method.body)
        if call.args and len(call.args) > 1 and is_this_member(strip(call.args[0]))
        if last_name(call.args[0]) == own.name
    }


def _signs_first(node: Node, function: Function) -> bool:
    """Tell whether a value is what something that is sent says first: ``post(Reading(sensor or self.name, …))``."""
    around = node.parent
    signed = isinstance(around, Call) and len(around.args) > 1 and around.args[0] is node
    return signed and not _SENDING.isdisjoint(words(function.name))


def _asked_name(node: Node) -> str:
    """Return by which name ``more.get("picker", own)`` asks."""
    first = strip(node.args[0]) if isinstance(node, Call) else None
    return str(first.value) if isinstance(first, Literal) else ""


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


def _identity(module: Module, cls: Class, own: Expr, *, plain: bool) -> str:
    """Return the field with the identity that an object was made with, if an expression is that; else nothing.

    Where what the caller says is ``plain``, one method that signs with the field is enough.
    """
    known = _TAILS | _ACTORS | PLUGINS | {"guest", "owner", "holder"}
    signs = len(_signs(cls, own, None)) >= (1 if plain else _ENOUGH)
    if not is_this_member(own) or not (set(words(own.name)) & known or signs) or words(own.name)[-1:][0] in _PLACES:
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
