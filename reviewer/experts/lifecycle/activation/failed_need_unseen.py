"""LIF482: the question whether something failed that a plugin needs can't come out true: it is started anyway."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Comprehension,
    Conditional,
    Expr,
    For,
    If,
    Index,
    Literal,
    Member,
    Name,
    Object,
    strip,
)
from reviewer.code.walk import ancestors, find, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.dependencies import outermost, speaks_of_dependencies
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, uses_in
from reviewer.experts.lifecycle.vocabulary import starts

if TYPE_CHECKING:
    from reviewer.code.module import Module

_LISTS: Final = frozenset({"filter", "map", "flatMap", "concat", "slice"})
_EACH: Final = frozenset({"map", "filter", "some", "every", "forEach", "find"})
_DEEPEST: Final = 3


@module_check("LIF482", words=HOOK_WORDS)
def failed_need_unseen(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each test of dependencies in a function that starts plugins for a comparison that never holds."""
    if module.is_test:
        return
    begun = [use.site for use in uses_in(inquiry, module, "start")]
    begun += [one for one in module.all(Call) if one.receiver is not None and one.args and starts(one.name)]
    homes = {id(home): home for site in begun if (home := outermost(site)) is not None}
    for home in homes.values():
        for look in find(home.body, If):
            parts = list(_parts(module, look.test, 0))
            if not any(speaks_of_dependencies(part) for part in parts):
                continue
            asked = [node for part in parts for node in walk(part) if isinstance(node, Binary | Call)]
            never = next((node for node in asked if _never_holds(module, node)), None)
            if never is not None:
                yield Match(
                    never,
                    f"'{short(module.text_of(never))}' never holds: a plugin whose dependency has failed is started "
                    "all the same.",
                    related=((look, "asked here"),),
                )


def _parts(module: Module, test: Expr, depth: int) -> Iterator[Expr]:
    """Yield a test and what the variables in it were given."""
    yield test
    for name in find(test, Name) if depth < _DEEPEST else ():
        made = module.scopes.origin(name)
        if isinstance(made, Expr) and made is not name and isinstance(made, Call | Comprehension | Binary):
            yield from _parts(module, made, depth + 1)


def _never_holds(module: Module, test: Binary | Call) -> bool:
    if isinstance(test, Call):
        return test.name in ("has", "includes") and len(test.args) == 1 and _is_list(module, strip(test.args[0]))
    if test.op == "in" and _is_list(module, strip(test.left)):
        return True
    if test.op in (">", ">=", "<"):
        return _list_against_number(module, test)
    if test.op == "and":
        return _contradicts(module, test)
    if test.op in ("==", "is") and _list_against_yes(module, test):
        return not _in_choice(test)
    return test.op == "==" and _nobody_writes(module, test) and not _in_choice(test)


def _list_against_yes(module: Module, test: Binary) -> bool:
    """Tell whether a list that is made here is held against ``True``, or against nothing, which it never is."""
    for one, other in ((strip(test.left), strip(test.right)), (strip(test.right), strip(test.left))):
        if isinstance(other, Literal) and (other.value is True or other.value is None) and isinstance(one, Name):
            made = module.scopes.origin(one)
            listed = isinstance(made, Array | Comprehension) or (isinstance(made, Call) and made.name in _LISTS)
            return listed and not (isinstance(made, Call) and module.language == "python")
    return False


def _is_list(module: Module, key: Expr) -> bool:
    """Tell whether what is looked up as one is a member that this file goes through elsewhere, as a list of many."""
    if not isinstance(key, Member):
        return False
    through = any(
        isinstance(m := strip(c.receiver), Member) and m.name == key.name for c in _eachs(module) if c.receiver
    )
    return through or any(
        isinstance(over := strip(loop.iterable), Member) and over.name == key.name
        for loop in module.all(For)
        if loop.iterable is not None and loop.style != "in"
    )


def _eachs(module: Module) -> Iterator[Call]:
    return module.calls(("map", "filter", "some", "every", "forEach", "find"))


def _in_choice(test: Binary) -> bool:
    """Tell whether a comparison is one of several, of which another may hold: ``a == x or a == y``."""
    for around in ancestors(test):
        if isinstance(around, Binary | Conditional) and not (isinstance(around, Binary) and around.op == "and"):
            return True
        if not isinstance(around, Expr):
            return False
    return False


def _list_against_number(module: Module, test: Binary) -> bool:
    """Tell whether a list itself, and not its length, is held against a number, as JavaScript lets one do."""
    if module.language == "python":
        return False
    for one, other in ((strip(test.left), strip(test.right)), (strip(test.right), strip(test.left))):
        if isinstance(other, Literal) and isinstance(other.value, int) and isinstance(one, Name | Call):
            made = module.scopes.origin(one) if isinstance(one, Name) else one
            return isinstance(made, Array) or (isinstance(made, Call) and made.name in _LISTS)
    return False


def _contradicts(module: Module, test: Binary) -> bool:
    """Tell whether one thing is to be two at once: ``state == "up" and state == "down"``."""
    left, right = strip(test.left), strip(test.right)
    if not (isinstance(left, Binary) and isinstance(right, Binary) and left.op == right.op == "=="):
        return False
    told = [one.right for one in (left, right)]
    if not all(isinstance(one, Literal) for one in told) or module.text_of(told[0]) == module.text_of(told[1]):
        return False
    return module.text_of(left.left).replace("?", "") == module.text_of(right.left).replace("?", "")


def _nobody_writes(module: Module, test: Binary) -> bool:
    """Tell whether what a table, or a member of records, holds is compared with a text that is never put into it."""
    for one, other in ((strip(test.left), strip(test.right)), (strip(test.right), strip(test.left))):
        if isinstance(one, Index | Call) and isinstance(other, Member) and _is_missing(module, other):
            return True
        if not isinstance(other, Literal) or not isinstance(other.value, str):
            continue
        given: list[Expr | None] = []
        if isinstance(one, Index):
            given = _put_under(module, module.text_of(strip(one.object)))
        elif isinstance(one, Call) and one.name == "get" and one.receiver is not None and len(one.args) == 1:
            given = _put_under(module, module.text_of(strip(one.receiver)))
        elif isinstance(one, Member) and not is_this_member(one):
            given = _given_to(module, one.name)
        known = [_texts(module, value) for value in given]
        if known and all(texts is not None for texts in known):
            return not any(other.value in texts for texts in known if texts is not None)
    return False


def _is_missing(module: Module, constant: Member) -> bool:
    """Tell whether a constant is taken of an object that this file spells out, and that has none of this name."""
    made = module.scopes.origin(constant.object)
    made = strip(made.args[0]) if isinstance(made, Call) and made.name == "freeze" and made.args else made
    return isinstance(made, Object) and not made.spreads and bool(made.keys) and constant.name not in made.keys


def _put_under(module: Module, holder: str) -> list[Expr | None]:
    """Return everything that is put into a table of this spelling, and what it is made of."""
    found: list[Expr | None] = []
    for assign in module.all(Assign):
        target = strip(assign.target)
        if isinstance(target, Index) and module.text_of(strip(target.object)) == holder:
            found.append(assign.value)
        elif module.text_of(target) == holder and assign.value is not None:
            found += _made_of(strip(assign.value))
    for call in module.calls(("set", "setdefault", "update", "assign")):
        if call.receiver is not None and module.text_of(strip(call.receiver)) == holder:
            found.append(call.args[1] if len(call.args) > 1 and call.name in ("set", "setdefault") else call)
    return found


def _made_of(made: Expr) -> list[Expr | None]:
    """Return the values that a table is made with; itself where nobody can say."""
    if isinstance(made, Comprehension):
        pair = made.element
        return [value for _key, value in pair.entries] if isinstance(pair, Object) else [pair]
    if isinstance(made, Object):
        return [value for _key, value in made.entries]
    return [made] if not isinstance(made, Call) or made.args or made.keywords else []


def _given_to(module: Module, name: str) -> list[Expr | None]:
    """Return everything that a member of this name is given in a file, by records and by assignments."""
    found: list[Expr | None] = [
        one.value for one in module.all(Assign) if isinstance(one.target, Member) and one.target.name == name
    ]
    found += [value for made in module.all(Object) for key, value in made.entries if _says(key, name)]
    found += [call.keywords[name] for call in module.all(Call) if name in call.keywords]
    return found


def _says(key: Expr | None, name: str) -> bool:
    return isinstance(key, Literal) and key.value == name


def _texts(module: Module, value: Expr | None) -> set[str] | None:
    """Return the texts that a value may be; a constant of an enumeration that is no text counts as none of them."""
    value = strip(value) if value is not None else None
    if isinstance(value, Literal) and isinstance(value.value, str):
        return {value.value}
    if isinstance(value, Conditional):
        then, other = _texts(module, value.then), _texts(module, value.other)
        return then | other if then is not None and other is not None else None
    if isinstance(value, Member):
        kind = definition(module, value.object)
        bases = {module.text_of(base).rpartition(".")[2] for base in kind.bases} if isinstance(kind, Class) else set()
        if bases == {"Enum"}:
            return {f"{module.text_of(value)} of an enumeration"}
    return None
