"""Functions whose results a decorator or a helper keeps, and what these take for the key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr, Function, Literal, Node, Object, uncast
from reviewer.code.walk import names_in, walk
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module

_DECORATORS: Final = frozenset(
    "lru_cache cache cached alru_cache memoize memoized ttl_cache lfu_cache cachedmethod async_cache acached "
    "memoise cache_result cached_result functools.lru_cache functools.cache".split()
)
_BARE: Final = frozenset({"lru_cache", "cache", "alru_cache", "memoize", "memoized", "ttl_cache", "lfu_cache"})
"""Decorators that need no call."""
_OF_ALL: Final = frozenset(
    {"memoizee", "fast-memoize", "memoize-one", "micro-memoize", "reselect", "nano-memoize", "moize", "react.cache"}
)
"""Helpers whose key is made of all the arguments."""
_OF_FIRST: Final = frozenset({"memoize", "mem", "pMemoize", "memoizeAsync", "memo"})


class Wrapped(Struct, frozen=True):
    """A function whose results are kept; ``names`` are its parameters that are part of the key."""

    node: Node
    function: Function
    by: str
    names: frozenset[str]
    bounded: bool


def wrapped(module: Module) -> Iterator[Wrapped]:
    """Yield the functions of a module whose results are kept, in source order."""
    for function in module.functions:
        for decorator in function.decorators:
            found = _decorated(module, function, decorator)
            if found is not None:
                yield found
    if module.language != "python":
        for call in module.calls(_OF_FIRST):
            found = _handed(module, call)
            if found is not None:
                yield found


def _decorated(module: Module, function: Function, decorator: Expr) -> Wrapped | None:
    call = decorator if isinstance(decorator, Call) else None
    name = last_name(call.callee if call is not None else decorator)
    if name not in _DECORATORS or module.language != "python":
        return None
    names = frozenset(param.name for param in function.params)
    key = call.keywords.get("key") if call is not None else None
    if key is not None:
        key = uncast(key)
        if not isinstance(key, Function):
            return None
        names = frozenset(names_in(key.body))
    elif (
        name not in ("lru_cache", "cache", "alru_cache", "memoize", "memoized", "ttl_cache", "lfu_cache")
        and call is None
    ):
        return None
    return Wrapped(decorator, function, name, names, _bounded(name, call))


def _bounded(name: str, call: Call | None) -> bool:
    size = call.arg(0, "maxsize") if call is not None else None
    if name == "cache":
        return False
    return not (isinstance(size, Literal) and size.value is None)


def _handed(module: Module, call: Call) -> Wrapped | None:
    if not call.args:
        return None
    resolved = module.resolve(call.callee)
    if resolved.split(".")[0] in _OF_ALL or resolved.startswith("react"):
        return None
    if not any(name in resolved for name in ("lodash", "mem", "underscore", "_.")):
        return None
    inner = uncast(call.args[0])
    function = inner if isinstance(inner, Function) else definition(module, inner)
    if not isinstance(function, Function) or isinstance(definition(module, call.callee), Function):
        return None
    names = frozenset(name for param in function.params[:1] for name in (param.name, *param.fields.values()) if name)
    if len(call.args) > 1:
        key = uncast(call.args[1])
        if isinstance(key, Object):
            key = uncast(key.get("cacheKey") or key.get("resolver") or key.get("normalizer") or key)
        if not isinstance(key, Function):
            return None
        if any(param.rest for param in key.params):
            return None
        used = names_in(key.body)
        places = {at for at, param in enumerate(key.params) if used & {param.name, *param.fields.values()}}
        names = frozenset(p.name for at, p in enumerate(function.params) if at in places)
        fields = {prop for param in key.params for prop in param.fields}
        members = {n.name for n in walk(key.body) if hasattr(n, "name")}
        names |= frozenset(fields | members)
    return Wrapped(call, function, call.name, names, bounded=False)
