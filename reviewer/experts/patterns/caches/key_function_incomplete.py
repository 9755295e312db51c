"""PAT002: a function that makes the keys of a memory takes less than the function whose results are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Literal, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.patterns.keepers import keeper_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node, Param
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.keepers import Keeper

_KEYS: Final = frozenset(
    "keyOf key keyFn keyFunc keyFunction getKey cacheKey cacheKeyFn getCacheKey resolver keyFor keyBy keyGenerator "
    "makeKey toKey keyMaker keyer hash hasher normalizer serializer serialize cacheKeyFrom key_of key_fn "
    "make_key".split()
)
"""What helpers that remember results call the function that makes the key."""
_REMEMBERS: Final = word_set(
    "memo memoize memoise memoized memoised remember remembered cached cache once lru keep kept"
)
_HOW: Final = word_set(
    "signal options opts timeout deadline retries force refresh log logger trace ctx context self cls abort token cb "
    "callback done"
)
"""Parameters that say how a result is got, and not which one."""
_FIRST_ONLY: Final = frozenset(
    {"lodash.memoize", "lodash-es.memoize", "lodash", "lodash/memoize", "lodash.memoize.default"}
)
"""Helpers that take the first argument for the key where they are told nothing."""


@module_check("PAT002")
def key_function_incomplete(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each helper that is given a function and the function of its keys."""
    if module.is_test:
        return
    said = not _REMEMBERS.isdisjoint(module.words)
    for call in module.all(Call):
        kept = keeper_of(module, call) if _may_hand_over_two(call) else None
        if kept is not None:
            key = _function(module, _given(call, kept, kept.key))
            work = _function(module, _given(call, kept, kept.work))
            if key is None or work is None:
                continue
        elif not said:
            continue
        else:
            key = _key_function(call)
            if key is None and not _keys_by_first(module, call):
                continue
            work = _work(module, call, key)
            if work is None or (key is not None and _REMEMBERS.isdisjoint(last_words(call.callee))):
                continue
        param = _left_out(work, key)
        left = param.name if param is not None else _member_left_out(work, key)
        if left:
            place: Node = key if key is not None else call
            yield Match(
                place,
                f"What is kept depends on '{left}', which is no part of the key that is made here: another "
                "value is answered with the old result.",
                related=((work, "kept results of this"),),
            )


def _may_hand_over_two(call: Call) -> bool:
    """Tell whether two of the arguments may be functions, without a look at the helper that takes them."""
    given = (strip(one) for one in (*call.args, *call.keywords.values()))
    return sum(isinstance(one, Function | Name | Member) for one in given) > 1


def _given(call: Call, kept: Keeper, param: Param) -> Expr | None:
    return call.arg(kept.function.params.index(param), param.name)


def _function(module: Module, given: Expr | None) -> Function | None:
    found = definition(module, given) if given is not None else None
    return found if isinstance(found, Function) else None


def _key_function(call: Call) -> Function | None:
    given = [strip(value) for name, value in call.keywords.items() if name in _KEYS]
    for arg in call.args:
        options = strip(arg)
        if isinstance(options, Object):
            given += [
                strip(value) for name, value in options.entries if isinstance(name, Literal) and name.value in _KEYS
            ]
    if not given and len(call.args) == 2 and not _REMEMBERS.isdisjoint(last_words(call.callee)):
        given = [strip(call.args[1])]
    return next((value for value in given if isinstance(value, Function)), None)


def _keys_by_first(module: Module, call: Call) -> bool:
    return len(call.args) == 1 and call.name == "memoize" and module.resolve(call.callee) in _FIRST_ONLY


def _work(module: Module, call: Call, key: Function | None) -> Function | None:
    """Return the function whose results are kept: the first that is given, or the one that is decorated."""
    decorated = call.parent
    if isinstance(decorated, Function) and any(one is call for one in decorated.decorators):
        return decorated
    given: Expr | None = strip(call.args[0]) if call.args else None
    if isinstance(given, Name):
        bound = module.scopes.lookup(given.id, given)
        only = bound[0] if len(bound) == 1 else None
        return only if isinstance(only, Function) else None
    return given if isinstance(given, Function) and given is not key else None


def _left_out(work: Function, key: Function | None) -> Param | None:
    """Return the parameter that the work uses and the key doesn't."""
    if any(param.rest for param in (*work.params, *(key.params if key is not None else ()))):
        return None
    for position, param in enumerate(work.params):
        if not param.name or not _HOW.isdisjoint(words(param.name)) or not _uses(work, param.name):
            continue
        if key is None:
            if position > 0:
                return param
            continue
        taken = key.params[position] if position < len(key.params) else None
        if taken is None or (taken.name and not _uses(key, taken.name)):
            return param
    return None


def _member_left_out(work: Function, key: Function | None) -> str:
    """Return the member of the one record that both are handed, which the work takes and the key doesn't."""
    if key is None or len(work.params) != 1 or len(key.params) != 1:
        return ""
    taken, told = _members(work), _members(key)
    if not taken or not told:
        return ""
    return next((name for name in sorted(taken - told) if _HOW.isdisjoint(words(name))), "")


def _members(function: Function) -> set[str]:
    """Return the members that a function takes of the record it is handed; none where it takes the whole."""
    param = function.params[0]
    if param.fields:
        used = {name.id for name in find(function.body, Name)}
        return {prop for prop, local in param.fields.items() if local in used} if not param.rest else set()
    uses = [name for name in find(function.body, Name) if name.id == param.name]
    taken = [use.parent.name for use in uses if isinstance(use.parent, Member) and use.parent.object is use]
    return set(taken) if len(taken) == len(uses) else set()


def _uses(function: Function, name: str) -> bool:
    return any(used.id == name for used in find(function.body, Name))
