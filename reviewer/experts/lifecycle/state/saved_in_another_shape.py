"""LIF452: a field of the state is saved as a list and read as an object by keys, or the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Cast,
    Comprehension,
    For,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Return,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_WRITES: Final = frozenset({"set", "setItem", "put", "save", "write", "update", "set_item", "store", "persist"})
_READS: Final = frozenset({"get", "getItem", "load", "read", "get_item", "parse", "loads", "restore"})
_GIVES: Final = frozenset("save state snapshot serialize serialise dump export freeze json persist".split())
"""Words of a function whose answer is what is saved."""
_TAKES: Final = frozenset(
    "restore recall load hydrate rehydrate revive thaw deserialize deserialise import state".split()
)
"""Words of a function that is given what was saved."""
_FAR: Final = frozenset("http https api client axios session request requests fetch ky got agent server".split())
"""Words of what speaks with somebody else, whose questions and answers have shapes of their own."""
_BY_KEYS: Final = frozenset({"entries", "keys", "values"})
_OF_DICT: Final = frozenset({"items", "keys", "values"})
_OF_LIST: Final = frozenset({"map", "filter", "forEach", "every", "some", "slice", "flatMap", "reduce"})
_ASKS_FOR_LIST: Final = ("Array", "isArray")
_OBJECTS: Final = frozenset({"fromEntries", "dict"})


@module_check("LIF452", words={"entries", "items", "map", "keys", "values"})
def saved_in_another_shape(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold the shape in which each field is saved against how it is gone through when it comes back."""
    if module.is_test:
        return
    read: dict[str, set[tuple[str, int]]] = {}
    for name, shape, line in _read(module):
        read.setdefault(name, set()).add((shape, line))
    written: dict[str, list[tuple[str, Expr]]] = {}
    for name, shape, value in _written(module) if read else ():
        written.setdefault(name, []).append((shape, value))
    for name, uses in read.items():
        shapes = {shape for shape, _line in uses}
        saved = {shape for shape, _value in written.get(name, ())}
        if len(shapes) == 1 and len(saved) == 1 and shapes != saved:
            value = written[name][0][1]
            how, wanted = ("a list", "by its keys") if saved == {"list"} else ("an object", "as a list")
            yield Match(
                value,
                f"'{name}' is saved as {how} ('{short(module.text_of(value))}'), and line {min(uses)[1]} goes through "
                f"it {wanted}: what was saved is never found again.",
            )


def _written(module: Module) -> Iterator[tuple[str, str, Expr]]:
    """Yield the fields of what is stored, with the shape and the value of each."""
    for made in module.all(Object):
        if not _is_saved(made):
            continue
        for key, value in made.entries:
            shape = _shape(module, value) if isinstance(key, Literal) and isinstance(key.value, str) else ""
            if shape:
                yield str(key.value) if isinstance(key, Literal) else "", shape, value


def _is_saved(made: Object) -> bool:
    """Tell whether an object is what a store is given, or the answer of a function that gives a state."""
    around = made.parent
    while isinstance(around, Cast):
        around = around.parent
    if isinstance(around, Call) and around.name in ("stringify", "dumps"):
        around = around.parent
    if isinstance(around, Call):
        return around.name in _WRITES and len(around.args) > 1 and not _is_far(around.receiver)
    function = function_of(made)
    given = isinstance(around, Return) or around is function
    return given and function is not None and bool(set(words(function.name)) & _GIVES)


def _is_far(receiver: Expr | None) -> bool:
    return receiver is not None and bool(set(last_words(receiver)) & _FAR)


def _shape(module: Module, value: Expr) -> str:
    value = strip(value)
    if isinstance(value, Array):
        return "list"
    if isinstance(value, Object):
        return "object"
    if isinstance(value, Comprehension):
        return {"list_comprehension": "list", "dictionary_comprehension": "object"}.get(value.raw.type, "")
    if isinstance(value, Call) and value.name in _OBJECTS:
        return "object"
    own = isinstance(value, Call) and value.name in ("from", "entries", "values", "keys") and value.receiver is not None
    if own and isinstance(value, Call) and value.receiver is not None:
        return "list" if module.text_of(value.receiver) in ("Array", "Object") else ""
    return "list" if isinstance(value, Call) and value.name in ("list", "sorted") and value.receiver is None else ""


def _read(module: Module) -> Iterator[tuple[str, str, int]]:
    """Yield the fields of what comes back from a store, with the shape that code takes each for."""
    for call in module.all(Call):
        first = strip(call.args[0]) if call.args else None
        on = module.text_of(call.receiver) if call.receiver is not None else ""
        if first is not None and on == "Object" and call.name in _BY_KEYS:
            yield from _field(module, first, "object", call.line)
        elif first is not None and (
            (call.new and call.name in ("Map", "Set")) or (on == "Array" and call.name == "isArray")
        ):
            yield from _field(module, first, "list", call.line)
        elif call.receiver is not None and module.language == "python" and call.name in _OF_DICT and not call.args:
            yield from _field(module, strip(call.receiver), "object", call.line)
        elif call.receiver is not None and module.language != "python" and call.name in _OF_LIST:
            yield from _field(module, strip(call.receiver), "list", call.line)
    for loop in module.all(For):
        if loop.iterable is not None and module.language != "python" and loop.style in ("of", "in"):
            yield from _field(module, strip(loop.iterable), "list" if loop.style == "of" else "object", loop.line)


def _field(module: Module, used: Expr, shape: str, line: int) -> Iterator[tuple[str, str, int]]:
    taken = used
    if isinstance(used, Name):
        made = [one for one in module.scopes.lookup(used.id, used) if isinstance(one, Assign)]
        if len(made) != 1 or made[0].value is None:
            return
        taken = strip(made[0].value)
    if isinstance(taken, Binary) and taken.op in ("??", "or"):
        taken = strip(taken.left)
    name, base = _part(taken)
    if name and base is not None and _came_back(module, base):
        yield name, shape, line


def _part(taken: Expr) -> tuple[str, Expr | None]:
    """Return the field that is taken from something, and what it is taken from."""
    if isinstance(taken, Member):
        return taken.name, taken.object
    key = getattr(taken, "key", None)
    if isinstance(key, Literal) and isinstance(key.value, str):
        return key.value, getattr(taken, "object", None)
    if isinstance(taken, Call) and taken.name == "get" and taken.receiver is not None and taken.args:
        first = strip(taken.args[0])
        return (
            (first.value, taken.receiver) if isinstance(first, Literal) and isinstance(first.value, str) else ("", None)
        )
    return "", None


def _came_back(module: Module, base: Expr) -> bool:
    """Tell whether something is what a store gave, or what a function that restores was handed."""
    base = strip(base)
    if isinstance(base, Binary) and base.op in ("??", "or"):
        base = strip(base.left)
    origin = module.scopes.origin(base)
    if isinstance(origin, Binary) and origin.op in ("??", "or"):
        origin = module.scopes.origin(origin.left)
    if isinstance(origin, Call):
        return origin.name in _READS and origin.receiver is not None and not _is_far(origin.receiver)
    function = origin.parent if isinstance(origin, Param) else None
    return function is not None and bool(set(words(getattr(function, "name", ""))) & _TAKES)
