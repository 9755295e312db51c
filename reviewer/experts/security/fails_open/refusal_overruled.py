"""SEC590: only what allows is looked for among rules that allow and rules that forbid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Return,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, last_words, word_set
from reviewer.experts.security.deciding.decisions import is_decision, readers
from reviewer.experts.security.deciding.verdicts import GRANTING
from reviewer.experts.security.values.access import step
from reviewer.experts.security.vocabulary import says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_NO: Final = word_set("deny denied forbid forbidden refuse refused reject rejected block blocked prohibit prohibited")
_REFUSALS: Final = _NO | word_set("denies denylist denials blocks blocklist revoked withdrawn refusals")
"""Words of a table of what is forbidden."""
_EFFECTS: Final = word_set(
    "effect verdict decision mode access kind outcome type policy ruling permission state status"
)
_ANY: Final = frozenset({"some", "any"})
_NARROWS: Final = frozenset({"filter", "find"})
_KEEPS: Final = frozenset("push append add set insert unshift log info debug warning warn record note write".split())
"""Calls that keep a word or tell it, and compare nothing."""
_TAKES_OUT: Final = frozenset("splice remove pop delete discard clear filter".split())
_SHOWS: Final = word_set("describe list show explain summary summarise summarize to dump export report print render")
"""First words of a function that tells what the rules are."""


@module_check("SEC590", words=GRANTING)
def refusal_overruled(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at decisions that ask whether one of many allows, where nothing asks whether one forbids."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    seen: set[int] = set()
    for function in readers(module):
        if id(function) in seen:
            continue
        seen.add(id(function))
        for test in _asked_of_many(function):
            if _forbids_too(inquiry, module) and not _asks_for_refusals(module):
                yield Match(
                    test,
                    f"One rule that allows is enough in '{function.name}', and rules that forbid are never looked "
                    "for: what is denied to one stays open by what is allowed to all.",
                )
        for flag in _flags_of_many(function):
            if _withdrawn_beside(module, flag):
                yield Match(
                    flag,
                    f"An older entry with '{flag.name}' is enough in '{function.name}': the entry that takes it back "
                    "stands behind it and is never looked at.",
                )
    for function, asked, denied in _tables(module):
        yield Match(
            asked,
            f"'{function.name}' looks into '{short(module.text_of(asked))}' alone: what '{denied}' forbids is allowed "
            "all the same.",
        )


def _asked_of_many(function: Function) -> Iterator[Expr]:
    """Yield the tests whether the effect of one of many rules is to allow, where one such rule decides."""
    for call in find(function.body, Call):
        if call.name in _ANY:
            yield from (test for test in _conjuncts(_test_of(call)) if _is_granting(test))
    for loop in find(function.body, For, into_functions=False):
        for test in find(loop.body, If, into_functions=False):
            answer = test.body[-1] if test.body else None
            yes = answer.value if isinstance(answer, Return) else None
            if isinstance(yes, Literal) and yes.value is True:
                yield from (one for one in _conjuncts(test.test) if _is_granting(one))


def _test_of(call: Call) -> Expr | None:
    """Return what ``some`` and ``any`` ask of each: the answer of the function, or of the comprehension."""
    given = strip(call.args[0]) if len(call.args) == 1 else None
    if isinstance(given, Function) and len(given.body) == 1 and isinstance(given.body[0], Return):
        return given.body[0].value
    if isinstance(given, Comprehension):
        return given.element if not given.tests else _all_of([given.element, *given.tests])
    return None


def _all_of(tests: list[Expr]) -> Expr | None:
    return next((one for one in tests if any(_is_granting(part) for part in _conjuncts(one))), None)


def _conjuncts(test: Expr | None) -> list[Expr]:
    """Return the parts of a test that must all hold."""
    if test is None:
        return []
    test = strip(test)
    if isinstance(test, Binary) and test.op == "and":
        return [*_conjuncts(test.left), *_conjuncts(test.right)]
    return [test]


def _is_granting(test: Expr) -> bool:
    """Tell whether a test asks whether the effect of a rule is to allow: ``rule.effect == "allow"``."""
    if not isinstance(test, Binary) or test.op != "==" or not says(strip(test.right), GRANTING):
        return False
    asked = strip(test.left)
    read = step(asked)
    if read is not None:
        return bool(set(words(read[1])) & _EFFECTS)
    if isinstance(asked, Name):
        return bool(set(words(asked.id)) & _EFFECTS)
    return isinstance(asked, Index) and isinstance(asked.key, Literal)  # the column of a row


def _forbids_too(inquiry: Inquiry, module: Module) -> bool:
    """Tell whether rules forbid as well: by a word beside the one that allows, in this file or in another."""
    if any(says(one, _NO) for one in (*module.all(Literal), *module.all(Member))):
        return True
    if any(one.id.isupper() and one.id.lower() in _NO for one in module.all(Name)):
        return True
    project = inquiry.project
    return project.once(
        "security.rules that forbid",
        lambda: any(project.answers("security.rules that forbid", _says_no_in_record, _NO, tests=False)),
    )


def _says_no_in_record(module: Module) -> bool:
    return any(
        isinstance(key, Literal) and set(words(str(key.value))) & _EFFECTS and says(strip(value), _NO)
        for made in module.all(Object)
        for key, value in made.entries
    )


def _asks_for_refusals(module: Module) -> bool:
    """Tell whether anything in the file compares with a word that forbids, hands one on to be sought, or asks all."""

    def work() -> bool:
        for test in module.all(Binary):
            compares = test.op in ("==", "!=", "in", "not in")
            if compares and any(says(one, _NO) for one in _sides(test)) and not _is_shown(test):
                return True
        for call in module.all(Call):
            given = [strip(one) for one in (*call.args, *call.keywords.values())]
            if any(says(one, _NO) for one in given) and not _makes_or_keeps(call):
                return True
            if call.name in ("every", "all") and any(_is_granting(one) for one in _conjuncts(_test_of(call))):
                return True
        return False

    return module.once("security.asks for refusals", work)


def _sides(test: Binary) -> list[Expr]:
    return [strip(test.left), strip(test.right)]


def _makes_or_keeps(call: Call) -> bool:
    return call.new or call.name[:1].isupper() or call.name in _KEEPS


def _is_shown(node: Node) -> bool:
    """Tell whether a place belongs to what only tells people the rules, or reads them from a text."""
    function = function_of(node)
    while function is not None and not function.name:
        function = function.outer
    return function is not None and bool(set(words(function.name)[:1]) & _SHOWS)


# Entries that are taken back by further ones


def _flags_of_many(function: Function) -> Iterator[Member]:
    """Yield the flags of which one that is set is enough: ``log.some((e) => e.scope === scope && e.granted)``."""
    if not is_decision(function):
        return
    for call in find(function.body, Call):
        if call.name in _ANY:
            for part in _conjuncts(_test_of(call)):
                if isinstance(part, Member) and part.name in GRANTING | {"approved"}:
                    yield part


def _withdrawn_beside(module: Module, flag: Member) -> bool:
    """Tell whether entries with the flag unset are added to the same kind of list, and none are ever taken out."""
    if any(call.name in _TAKES_OUT - {"filter"} for call in module.all(Call)):
        return False
    added = [call for call in module.all(Call) if call.name in ("push", "append") and len(call.args) == 1]
    unset = [call for call in added if _has_unset(strip(call.args[0]), flag.name)]
    lists = {last_name(call.receiver) for call in unset if call.receiver is not None}
    around = next((one for one in _callers(flag) if one.name in _ANY), None)
    over = _list_of(around) if around is not None else None
    if over is None or last_name(over) not in lists:
        return False
    replaced = [one for one in module.all(Assign) if last_name(one.target) == last_name(over) and one.value is not None]
    negated = any(isinstance(one, Unary) and one.op == "not" for one in _uses(module, flag.name))
    return not negated and not any(any(find(one.value, Call)) for one in replaced if one.value is not None)


def _callers(node: Node) -> Iterator[Call]:
    inner: Node | None = node
    while inner is not None:
        if isinstance(inner, Call):
            yield inner
        inner = inner.parent


def _list_of(call: Call) -> Expr | None:
    if call.receiver is not None:
        return call.receiver
    given = strip(call.args[0]) if call.args else None
    return given.clauses[0][1] if isinstance(given, Comprehension) and given.clauses else None


def _has_unset(made: Expr, name: str) -> bool:
    value = made.get(name) if isinstance(made, Object) else None
    if isinstance(made, Call):
        value = made.keywords.get(name)
    return isinstance(value, Literal) and value.value is False


def _uses(module: Module, name: str) -> Iterator[Node]:
    return (one.parent for one in module.all(Member) if one.name == name and one.parent is not None)


# Two tables


def _tables(module: Module) -> Iterator[tuple[Function, Expr, str]]:
    """Yield decisions that look into what is allowed, where a table beside it of what is forbidden is only shown."""
    for cls in module.classes:
        named = {*(field.name for field in cls.fields), *module.scopes.fields(cls)}
        allowing = {one for one in named if set(words(one)[:1]) & GRANTING}
        refusing = {one for one in named if set(words(one)[:1]) & _REFUSALS}
        if not allowing or len(refusing) != 1 or _is_asked(module, next(iter(refusing))):
            continue
        for function in cls.methods if cls.kind == "class" else module.functions:
            asked = _membership(function, allowing) if is_decision(function) else None
            if asked is not None:
                yield function, asked, next(iter(refusing))
                break


def _membership(function: Function, tables: set[str]) -> Expr | None:
    """Return the table in which the answer of a decision is sought."""
    for answer in find(function.body, Return, into_functions=False):
        for part in find(answer, Expr) if answer.value is not None else ():
            held: Expr | None = None
            if isinstance(part, Binary) and part.op == "in":
                held = strip(part.right)
            elif isinstance(part, Call) and part.name in ("has", "includes", "get"):
                held = part.receiver
            while isinstance(held, Call) and held.receiver is not None and held.name == "get":
                held = held.receiver
            if held is not None and last_name(held) in tables and not _negated(answer.value):
                return held
    return None


def _negated(value: Expr | None) -> bool:
    return isinstance(value, Unary) and value.op == "not"


def _is_asked(module: Module, table: str) -> bool:
    """Tell whether anything but what shows the rules uses a table of what is forbidden, once it is filled."""
    for path, text in module.project.texts({table}) if module.project is not None else ():
        if path != module.path and table.encode() in text:
            return True
    for one in module.some(Member, Name):
        if isinstance(one, Expr) and last_name(one) == table and not _is_declared(one) and not _is_shown(one):
            return True
    return False


def _is_declared(one: Expr) -> bool:
    """Tell whether a name stands where a table is made or filled from what the caller gives."""
    around = one.parent
    while isinstance(around, Member | Index):
        around = around.parent
    if isinstance(around, Assign):
        return around.target is one or last_words(around.target) == last_words(one)
    if isinstance(around, Call) and around.callee is not one and around.parent is not None:
        return isinstance(around.parent, Assign) and last_words(around.parent.target) == last_words(one)
    function = function_of(one)
    return function is not None and function.kind == "constructor"
