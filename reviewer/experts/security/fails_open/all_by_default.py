"""SEC002: whoever has no entry is given every right that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, returns_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Spread,
    strip,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, last_words, path_words, word_set
from reviewer.experts.security.deciding.asked_to_refuse import leads_to_refusal
from reviewer.experts.security.deciding.decisions import readers
from reviewer.experts.security.deciding.entries import is_entry_asked, membership
from reviewer.experts.security.reaching.changing import WRITES
from reviewer.experts.security.vocabulary import REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_COPIES: Final = frozenset({"Set", "set", "frozenset", "list", "tuple", "from", "copy", "freeze", "sorted"})
_ALL: Final = word_set("all every everything any full whole")
_LEAST: Final = word_set(
    "default defaults base basic basics minimal minimum min public common safe anonymous guest visitor viewer core "
    "free initial harmless readonly read only view least none empty no few starter fallback"
)
"""Words of lists that hold what anybody may have."""
_ENDS: Final = WRITES | word_set("erase wipe discard strike execute exec install kill admin spend pay")
"""Words of rights that nobody should have without having been asked for."""
_FEWEST: Final = 2


@module_check("SEC002", words={"has", "includes", "setdefault", "defaultdict", "get", "permission", "grants"})
def all_by_default(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Ask of each right that is sought in a collection what that is where nothing is recorded."""
    if module.is_test:
        return
    deciding: list[Function] | None = None
    spoken: set[int] = set()
    for test in module.some(Call, Binary):
        whole, part = membership(test)
        if whole is None or part is None or isinstance(strip(part), Literal):
            continue
        stands = [(at, default) for at, default in _defaults(module, whole) if _is_all(module, default, part)]
        if not stands:
            continue
        deciding = list(readers(module)) if deciding is None else deciding
        function = function_of(test)
        refused = leads_to_refusal(module, test) or is_entry_asked(module, test, whole, part)
        if not refused and not any(function is one for one in deciding):
            continue
        for at, default in stands:
            if id(at) not in spoken:
                spoken.add(id(at))
                yield Match(
                    at,
                    f"Whoever has no entry is given '{short(module.text_of(default))}', and may do all of it: "
                    f"'{short(module.text_of(test))}' is true for everybody who is unknown.",
                )


def _defaults(module: Module, held: Expr, depth: int = 2) -> Iterator[tuple[Node, Expr]]:
    """Yield (where, what) stands in for a collection that is not there, by a look-up, a table, or a helper."""
    held = uncast(held)
    if isinstance(held, Name):
        for binding in module.scopes.lookup(held.id, held):
            if isinstance(binding, Assign):
                if binding.default is not None:
                    yield binding, binding.default
                if binding.value is not None and depth:
                    yield from _defaults(module, binding.value, depth - 1)
        return
    if isinstance(held, Binary) and held.op in ("??", "or"):
        yield held, held.right
    elif isinstance(held, Assign) and held.op in ("??=", "||=") and held.value is not None:
        yield held, held.value
    elif isinstance(held, Call) and held.name in ("get", "setdefault", "getOrDefault") and held.receiver is not None:
        if len(held.args) > 1:
            yield held, held.args[1]
        yield from _of_table(module, held.receiver)
    elif isinstance(held, Index):
        yield from _of_table(module, held.object)
    elif isinstance(held, Call) and depth:
        yield from _of_helper(module, held, depth)
    elif isinstance(held, Conditional):
        yield from ((held, side) for side in (held.then, held.other))


def _of_helper(module: Module, call: Call, depth: int) -> Iterator[tuple[Node, Expr]]:
    """Yield what a function of the file gives instead of what it looks up: ``except KeyError: return ALL``."""
    target = callee(module, call)
    answers = list(returns_of(target)) if target is not None and target.module is module else []
    for answer in answers:
        if answer.value is not None:
            yield from _defaults(module, answer.value, depth - 1)
            if len(answers) > 1:
                yield answer, answer.value


def _of_table(module: Module, table: Expr) -> Iterator[tuple[Node, Expr]]:
    """Yield what a table is given for a key that it lacks: by how it is made, or where it is filled on demand."""
    text = module.text_of(table)
    for call in module.calls(("defaultdict",)):
        maker = call.arg(0)
        kept = call.parent
        given = [answer.value for answer in returns_of(maker)] if isinstance(maker, Function) else []
        if isinstance(kept, Assign) and module.text_of(kept.target) == text and given and given[0] is not None:
            yield call, given[0]
    for call in module.calls(("set", "setdefault")):
        filled = call.receiver is not None and len(call.args) > 1 and module.text_of(call.receiver) == text
        if filled and (call.name == "setdefault" or _is_missing(module, call, text)):
            yield call, call.args[1]
    for put in module.all(Assign):
        if not isinstance(put.target, Index) or put.value is None or module.text_of(put.target.object) != text:
            continue
        if put.op in ("??=", "||=") or _is_missing(module, put, text):
            yield put, put.value


def _is_missing(module: Module, put: Node, table: str) -> bool:
    """Tell whether something is put into a table only where the table has nothing under that key."""
    for condition in conditions(put):
        whole, _key = membership(condition.test)
        lacks = isinstance(condition.test, Binary) and condition.test.op == "not in"
        if whole is not None and module.text_of(whole) == table and condition.holds is lacks:
            return True
    return False


def _is_all(module: Module, default: Expr, part: Expr) -> bool:
    """Tell whether what stands in is all that can be asked for, and not the little that anybody may do."""
    given = _copied(default)
    said = set(last_words(given))
    if said & (_LEAST | REQUIREMENTS):
        return False
    if isinstance(given, Member):
        return bool(said & _ALL) or (given.name.isupper() and _is_plural_of(given.name, part))
    if isinstance(given, Array):
        texts = [
            one.value for one in map(strip, given.items) if isinstance(one, Literal) and isinstance(one.value, str)
        ]
        return len(texts) >= _FEWEST and any(set(words(text)) & _ENDS for text in texts)
    if not isinstance(given, Name):
        return False
    made = module.scopes.origin(given)
    made = _copied(made) if isinstance(made, Expr) else None
    many = not isinstance(made, Expr) or made is given or (isinstance(made, Array) and len(made.items) >= _FEWEST)
    if not many or not (given.id.isupper() or said & _ALL):
        return False
    return bool(said & _ALL) or _is_plural_of(given.id, part) or _is_catalogue(module, given)


def _copied(value: Expr) -> Expr:
    """Return the collection of which a value is a copy: ``new Set(DEEDS)``, ``[...DEEDS]``, ``frozenset({…})``."""
    value = uncast(value)
    while True:
        if isinstance(value, Call) and value.name in _COPIES and len(value.args) == 1:
            value = uncast(value.args[0])
        elif isinstance(value, Array) and len(value.items) == 1 and isinstance(value.items[0], Spread):
            value = uncast(value.items[0].value)
        else:
            return value


def _is_plural_of(many: str, part: Expr) -> bool:
    """Tell whether a list is called after all of the things of which one is sought in it: ``TOOLS`` and ``tool``."""
    named, one = words(many), last_words(part)[-1:]
    return len(named) == 1 and bool(one) and named[0] in (f"{one[0]}s", f"{one[0].removesuffix('y')}ies", f"{one[0]}es")


def _is_catalogue(module: Module, many: Name) -> bool:
    """Tell whether a list says elsewhere which things there are at all: others are sought in it, or cut by it."""
    for test in module.some(Call, Binary):
        whole, part = membership(test)
        if whole is not None and part is not None and last_name(whole) == many.id and not path_words(part) <= {"this"}:
            return True
        if isinstance(test, Binary) and test.op == "&":
            sides = (strip(test.left), strip(test.right))
            if any(isinstance(side, Name) and side.id == many.id for side in sides):
                return True
    return False
