"""COM161: at equal priority the objects themselves are compared, and they can't be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import named_type
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Comprehension,
    Expr,
    Field,
    Literal,
    Member,
    Name,
    Param,
    Template,
    strip,
)
from reviewer.code.text.ideas import HANDLER
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CALLED: Final = HANDLER | frozenset(
    "plugin extension middleware function func fn coroutine addon action job task".split()
)
"""Names of what nobody gives an order."""
_UNIQUE: Final = frozenset(
    "id name key uid uuid path count counter sequence seq serial number index idx position slug title label".split()
)
"""Words of what never comes twice, so that nothing behind it is compared."""
_DIRECT: Final = frozenset({"heappush", "heappushpop", "insort", "insort_left", "insort_right"})


@module_check("COM161", words={"sorted", "sort", "heappush", "insort", "heapq", "priority", "max", "min", "dataclass"})
def tie_compares_handlers(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each tuple that is sorted without a key for an object behind what can be equal."""
    if module.is_test or module.language != "python":
        return
    for call, pair in _sorted_tuples(module):
        culprit = _compared(module, pair)
        if culprit is not None:
            name = module.text_of(culprit)
            yield Match(
                call,
                f"Where '{module.text_of(pair.items[0])}' is the same twice, Python compares '{name}' with the next "
                "one, which raises TypeError for functions and plain objects.",
            )
    for cls in module.classes:
        field = _compared_field(module, cls)
        if field is not None:
            yield Match(
                field,
                f"'{cls.name}' compares its fields one after the other, and at last '{field.name}': where those before "
                "it are the same twice, that raises TypeError for functions and plain objects.",
                fix="Keep what has no order out of the comparison, with field(compare=False), and put a number that "
                "never repeats before it.",
            )


def _compared_field(module: Module, cls: Class) -> Field | None:
    """Return the field of a record with an order that is compared where those before it are equal, and has none."""
    made = [strip(one) for one in cls.decorators]
    ordered = any(
        isinstance(one, Call) and one.name == "dataclass" and _is_true(one.keywords.get("order")) for one in made
    )
    if not ordered or cls.method("__lt__") is not None:
        return None
    for place, field in enumerate(cls.fields):
        value = strip(field.value) if field.value is not None else None
        if "ClassVar" in field.type or (isinstance(value, Call) and "compare" in value.keywords):
            continue
        named = words(field.name)
        if named and named[-1] in _UNIQUE:
            return None
        if place and _has_no_place(module, field.type.strip("'\" ")):
            return field
    return None


def _is_true(value: Expr | None) -> bool:
    return isinstance(value, Literal) and value.value is True


def _has_no_place(module: Module, declared: str) -> bool:
    """Tell whether a type is that of something to be called, also by another name, or of a class without an order."""
    if "Callable" in declared:
        return True
    known = named_type(module, declared) if declared else None
    if known is not None and not known.bases and known.kind == "class":
        return not _ordered(known)
    return any(
        isinstance(one.target, Name) and one.target.id == declared and "Callable" in module.text_of(one)[:120]
        for one in module.all(Assign)
    )


def _sorted_tuples(module: Module) -> Iterator[tuple[Call, Array]]:
    for call in module.all(Call):
        if "key" in call.keywords:
            continue
        if call.name in _DIRECT and len(call.args) > 1:
            pair = _tuple(module, call.args[1])
            if pair is not None:
                yield call, pair
        elif call.name in ("put", "put_nowait") and call.args and _is_priority_queue(module, call):
            pair = _tuple(module, call.args[0])
            if pair is not None:
                yield call, pair
        elif call.name in ("sorted", "max", "min") and call.receiver is None and len(call.args) == 1:
            given = module.scopes.origin(call.args[0])
            if isinstance(given, Comprehension) and isinstance(given.element, Array):
                yield call, given.element
            else:
                yield from _filled(module, call, call.args[0])
        elif call.name == "sort" and call.receiver is not None and not call.args:
            yield from _filled(module, call, call.receiver)


def _is_priority_queue(module: Module, call: Call) -> bool:
    made = module.scopes.origin(call.receiver) if call.receiver is not None else None
    return isinstance(made, Call) and made.name == "PriorityQueue"


def _filled(module: Module, call: Call, collection: Expr) -> Iterator[tuple[Call, Array]]:
    """Yield the tuple that is appended to a list which is sorted."""
    if not isinstance(strip(collection), Name | Member):
        return
    text = module.text_of(collection)
    for append in module.calls(("append",)):
        if append.receiver is not None and module.text_of(append.receiver) == text and append.args:
            pair = _tuple(module, append.args[0])
            if pair is not None:
                yield call, pair
                return


def _tuple(module: Module, expr: Expr) -> Array | None:
    made = module.scopes.origin(expr)
    return made if isinstance(made, Array) and made.kind == "tuple" else None


def _compared(module: Module, pair: Array) -> Expr | None:
    """Return the item that is compared when those before it are equal, and that has no order."""
    if pair.kind != "tuple" or len(pair.items) < 2:
        return None
    for place, item in enumerate(pair.items):
        if isinstance(item, Literal | Template):
            continue
        if _is_unique(module, item):
            return None
        if place and isinstance(item, Name) and _has_no_order(module, item, pair.items[:place]):
            return item
    return None


def _is_unique(module: Module, item: Expr) -> bool:
    """Tell whether an item differs from all others: a count, an id, the place in a list."""
    if isinstance(item, Call):
        return item.name in ("next", "id", "str", "repr", "len")
    if isinstance(item, Member | Name):
        named = words(item.name if isinstance(item, Member) else item.id)
        if named and named[-1] in _UNIQUE:
            return True
    if not isinstance(item, Name):
        return False
    for binding in module.scopes.lookup(item.id, item):
        clauses = binding.clauses if isinstance(binding, Comprehension) else []
        for target, iterable in clauses:
            counted = isinstance(iterable, Call) and iterable.name == "enumerate" and isinstance(target, Array)
            if counted and isinstance(target, Array) and module.text_of(target.items[0]) == item.id:
                return True
    return False


def _has_no_order(module: Module, item: Name, earlier: list[Expr]) -> bool:
    """Tell whether a name is an object whose class gives it no order, or something to be called."""
    named = words(item.id)
    known = _type_of(module, item)
    if known is not None:
        return not _ordered(known)
    if _class_with_order(module):
        return False
    if named and named[-1] in _CALLED:
        return True
    if any(isinstance(b, Param) and "Callable" in b.type for b in module.scopes.lookup(item.id, item)):
        return True
    return any(_asks(one, item.id) for one in earlier)


def _asks(rank: Expr, name: str) -> bool:
    """Tell whether a rank is a member or the answer of a method of the thing itself: it has no order of its own."""
    rank = strip(rank)
    member = strip(rank.callee) if isinstance(rank, Call) else rank
    holder = strip(member.object) if isinstance(member, Member) else None
    return isinstance(holder, Name) and holder.id == name


def _type_of(module: Module, item: Name) -> Class | None:
    for binding in module.scopes.lookup(item.id, item):
        if isinstance(binding, Param):
            return named_type(module, binding.type) if binding.type else None
    return None


def _ordered(cls: Class) -> bool:
    text = " ".join(cls.module.text_of(one) for one in (*cls.decorators, *cls.bases))
    return cls.method("__lt__") is not None or "order=True" in text or "total_ordering" in text or "Tuple" in text


def _class_with_order(module: Module) -> bool:
    """Tell whether some class of the file, or one that it imports, has an order: it may be the one that is sorted."""
    imported = [cls for one in module.imports if (cls := named_type(module, one.local)) is not None]
    return "__lt__" in module.identifiers or any(_ordered(cls) for cls in (*module.classes, *imported))
