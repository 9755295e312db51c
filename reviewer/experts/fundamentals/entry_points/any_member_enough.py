"""FUN480: what is handed in is held against a contract, and one member of it is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import declared_type, named_type
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Comprehension,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Name,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, walk
from reviewer.core.regex import regex
from reviewer.experts.api.optional_members import optional_members
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_ANY: Final = frozenset(
    "any some either one optional hook hooks event events listener listeners callback callbacks phase phases "
    "extension extensions point points capability capabilities feature features handler handlers".split()
)
"""Words of lists, functions and texts by which one of several is meant to be enough."""
_KEYS: Final = regex(r"\bkeyof (\w{1,60})")
_ENOUGH: Final = frozenset({"least", "any", "either", "none", "one"})
"""Words of refusals that say that one would have been enough."""
_ASKS: Final = frozenset({"hasattr", "callable", "isFunction", "is_function"})


@module_check("FUN480", words={"some", "any", "every", "all"})
def any_member_enough(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each question whether a thing has members of a list for one that a single member answers with yes."""
    if module.is_test:
        return
    for call in module.calls(("some", "any", "every", "all")):
        listed, test, item = _parts(call)
        if listed is None or test is None or not item:
            continue
        asked = _asked(test, item)
        if asked is None or asked != (call.name in ("some", "any")):
            continue
        if not _is_contract(module, listed) or not _demanded(call, one_is_enough=asked) or _meant(module, call, listed):
            continue
        yield Match(
            call,
            f"One member of '{short(module.text_of(listed))}' is enough here: what lacks the others is taken in, and "
            "fails when they are called.",
        )


def _parts(call: Call) -> tuple[Expr | None, Expr | None, str]:
    """Return what is gone through, the test of one item, and the item's name."""
    if call.name in ("some", "every"):
        by = strip(call.args[0]) if call.args else None
        last = by.body[-1] if isinstance(by, Function) and by.body else None
        if call.receiver is None or not isinstance(by, Function) or not isinstance(last, Return) or not by.params:
            return None, None, ""
        return call.receiver, last.value, by.params[0].name
    given = strip(call.args[0]) if len(call.args) == 1 else None
    if call.receiver is not None or not isinstance(given, Comprehension) or len(given.clauses) != 1 or given.tests:
        return None, None, ""
    target, over = given.clauses[0]
    return over, given.element, target.id if isinstance(target, Name) else ""


def _asked(test: Expr, item: str) -> bool | None:
    """Tell whether a test asks that a member is there (True) or missing (False); None where it asks something else."""
    test = strip(test)
    if isinstance(test, Unary) and test.op == "not":
        inner = _asked(test.operand, item)
        return None if inner is None else not inner
    if isinstance(test, Binary) and test.op in ("==", "!="):
        sides = (strip(test.left), strip(test.right))
        kind = next((side for side in sides if isinstance(side, Unary) and side.op == "typeof"), None)
        told = any(isinstance(side, Literal) and side.value == "function" for side in sides)
        return test.op == "==" if kind is not None and told and _member(kind.operand, item) else None
    if isinstance(test, Call) and test.name in _ASKS:
        if test.name == "hasattr":
            return True if len(test.args) == 2 and _is(test.args[1], item) else None
        got = strip(test.args[0]) if test.args else None
        reads = isinstance(got, Call) and got.name == "getattr" and len(got.args) > 1 and _is(got.args[1], item)
        return True if reads or (got is not None and _member(got, item)) else None
    return None


def _is(expr: Expr, item: str) -> bool:
    expr = strip(expr)
    return isinstance(expr, Name) and expr.id == item


def _member(expr: Expr, item: str) -> bool:
    """Tell whether an expression is the member of something that an item names: ``guest[member]``."""
    expr = strip(expr)
    return isinstance(expr, Index) and _is(expr.key, item)


def _is_contract(module: Module, listed: Expr) -> bool:
    """Tell whether a list holds names of members, two or more."""
    made = strip(listed)
    if isinstance(made, Name):
        origin = module.scopes.origin(made)
        made = origin if isinstance(origin, Expr) else made
    while isinstance(made, Call) and made.args:
        made = strip(made.args[0])  # Object.freeze([…]), tuple([…])
    if not isinstance(made, Array):
        return False
    return len(made.items) > 1 and all(isinstance(i, Literal) and isinstance(i.value, str) for i in made.items)


def _demanded(call: Call, *, one_is_enough: bool) -> bool:
    """Tell whether what has none of the members is refused, or the answer says whether something fits the contract."""
    denied = not one_is_enough
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Unary) and around.op == "not":
            denied = not denied
        elif isinstance(around, If):
            refused = any(isinstance(one, Throw) for one in around.body) and exits(around.body)
            return inner is around.test and denied and refused
        elif isinstance(around, Return):
            return not denied and _says_whole(around)
        elif not isinstance(around, Binary):
            return False
        inner = around
    return False


def _says_whole(answer: Return) -> bool:
    """Tell whether the function around an answer asks by its name whether something is of a kind."""
    for around in ancestors(answer):
        if isinstance(around, Function):
            said = words(around.name)
            return bool(said) and said[0] in ("is", "implements", "fits", "satisfies", "conforms", "valid", "complete")
    return False


def _all_optional(module: Module, listed: Expr) -> bool:
    """Tell whether a list is declared to hold names of a contract that asks for none of them: ``(keyof Watcher)[]``."""
    named = _KEYS.search(declared_type(module, listed))
    cls = named_type(module, named[1]) if named is not None else None
    if cls is None:
        return False
    free = optional_members(cls)
    names = [one.name for one in cls.methods] + [one.name for one in cls.fields]
    return bool(names) and all(name in free for name in names)


def _meant(module: Module, call: Call, listed: Expr) -> bool:
    """Tell whether one of several is meant to be enough, by the list's name, the function's, or what is thrown."""
    if set(last_words(listed)) & _ANY or _all_optional(module, listed):
        return True
    for around in ancestors(call):
        if isinstance(around, If):
            told = (part.value for part in walk(around.body) if isinstance(part, Literal))
            if any(
                isinstance(text, str) and set(words(text)) & {"least", "any", "either", "none", "one"} for text in told
            ):
                return True
        if isinstance(around, Function):
            said = set(words(around.name))
            return bool(said & _ANY) and not any(True for _ in find(around.body, Throw))
    return False
