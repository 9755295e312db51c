"""PAT002: a key has the names of the arguments, and not what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Function, Index, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, uses_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.caches.key_leaves_out import makes_a_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Param, Statement
    from reviewer.experts.check import Inquiry

_KEYS: Final = word_set("key keys cachekey keyof keyfor fingerprint")
_MAPPINGS: Final = ("dict", "Dict", "Mapping", "MutableMapping", "Record<")
_LISTS: Final = frozenset({"sorted", "tuple", "list", "frozenset", "set", "repr", "str", "hash", "join", "len"})
"""Calls of Python that go through the names alone where they are handed a mapping."""
_SEEKS: Final = frozenset({"find", "findIndex", "findLast", "some", "every", "includes", "indexOf"})
_LOOKS_UP: Final = frozenset({"get", "has", "set", "setdefault", "pop"})


@module_check("PAT002", words=_KEYS)
def key_of_names_alone(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each key that is made of arguments for whether it has what they are."""
    if module.is_test:
        return
    for function, made in _keys(module):
        for param in function.params:
            uses = [one for one in find(made, Name) if one.id == param.name]
            names = [_names_of(module, one, param) for one in uses]
            first = names[0] if names else None
            if first is not None and all(one is not None for one in names):
                yield Match(
                    first,
                    f"'{short(module.text_of(first))}' are the names in '{param.name}' alone: a call with the same "
                    "names and other values is answered with the old result.",
                )
                break


def _keys(module: Module) -> Iterator[tuple[Function, Expr | list[Statement]]]:
    """Yield what a key is made of, with the function: what one that makes keys gives, and what is looked up under."""
    for assign in module.all(Assign):
        function, target = function_of(assign), strip(assign.target)
        if function is None or not isinstance(target, Name) or assign.value is None:
            continue
        if _speaks_of_key(target.id) and _is_looked_up(function, target.id):
            yield function, assign.value
    for function in module.functions:
        if function.params and _speaks_of_key(function.name) and makes_a_key(module, function):
            yield function, function.body


def _speaks_of_key(name: str) -> bool:
    said = set(words(name))
    return bool(said & _KEYS) and "keys" not in said


def _is_looked_up(function: Function, name: str) -> bool:
    """Tell whether a function looks something up under a name."""
    for use in uses_of(name, function):
        around = use.parent
        if isinstance(around, Call) and around.name in _LOOKS_UP and around.args and around.args[0] is use:
            return True
        if isinstance(around, Index) and around.key is use:
            return True
        if isinstance(around, Binary) and around.op in ("in", "not in") and around.left is use:
            return True
    return False


def _names_of(module: Module, use: Name, param: Param) -> Expr | None:
    """Return the call that takes only the names of what a parameter holds, where that is all that a use is for."""
    around = use.parent
    if not isinstance(around, Call):
        holder = around if around is not None and getattr(around, "name", "") == "keys" else None
        called = holder.parent if holder is not None else None
        return called if isinstance(called, Call) and called.callee is holder and not called.args else None
    if _is_searched(around):
        return None
    if around.callee is use or not any(strip(arg) is use for arg in around.args):
        return None
    if around.name == "keys" and isinstance(around.receiver, Name) and around.receiver.id == "Object":
        return around
    mapped = param.type.strip().startswith(_MAPPINGS) or _is_named_rest(module, param)
    return (
        around if module.language == "python" and mapped and around.name in _LISTS and around.receiver is None else None
    )


def _is_searched(names: Call) -> bool:
    """Tell whether one name is sought among them: ``Object.keys(headers).find(…)`` makes no key of them all."""
    around = names.parent
    return isinstance(around, Member) and around.name in _SEEKS


def _is_named_rest(module: Module, param: Param) -> bool:
    return param.rest and module.text_of(param).startswith("*")  # the first star of two is outside of the name
