"""What the answer to a question of permission says, however it is written: ``"refuse"``, ``Verdict(True, …)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.reach.records import given_fields
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Conditional,
    Function,
    Literal,
    Member,
    Name,
    Object,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.text_types import texts_of_type
from reviewer.code.walk import find, function_of
from reviewer.experts.paths import word_set
from reviewer.experts.security.vocabulary import REFUSING, says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.syntax import Expr

GRANTING: Final = frozenset("allow allowed allows grant granted grants permit permitted permits".split())
"""Words that say yes to a question of permission, and to nothing else."""
_SURE: Final = word_set(
    "allowed allow allows granted permitted permit permits may authorized authorised admitted entitled"
)
_FIELDS: Final = _SURE | word_set(
    "ok okay accepted approved trusted valid pass passed passes decision verdict effect outcome answer access"
)
"""Fields of a record in which the answer stands, surely or where it is known to be one; what else is in it says why."""
_RECORDS: Final = word_set(
    "decision verdict answer outcome ruling judgement judgment result check access permission grant response finding "
    "evaluation authorization authorisation"
)
"""Last words of a record that is an answer."""
_NO: Final = REFUSING - {"n", "no", "off", "none", "false", "disabled", "never"} | {
    "deny",
    "refuse",
    "forbid",
    "reject",
}
"""Words of a function that makes an answer which refuses."""


def says_granted(value: Expr | None) -> bool:
    """Tell whether a value that is written out grants: ``"allow"``, ``Verdict.GRANTED``."""
    made = uncast(value) if value is not None else None
    return isinstance(made, Literal | Member) and says(made, GRANTING)


def says_yes(value: Expr | None) -> bool:
    """Tell whether an answer that is written out is surely yes."""
    return answer_of(value) is True


def says_no(value: Expr | None) -> bool:
    """Tell whether an answer that is written out is surely no."""
    return answer_of(value) is False


def answer_of(value: Expr | None) -> bool | None:
    """Return what an answer that is written out says, or None where it says neither yes nor no.

    It may be a boolean, a word, a constant so named, a record with such a field (``{ allowed: true, reason }``,
    ``Decision(True, "…")``, ``Decision.allow("…")``), a pair that begins with it, or a promise of any of them.
    """
    made = awaited(value) if value is not None else None
    if isinstance(made, Literal) and isinstance(made.value, bool):
        return made.value
    if isinstance(made, Literal | Member | Name):
        return True if says(made, GRANTING) else False if says(made, REFUSING) else None
    if isinstance(made, Object):
        return _first(one for key, one in made.entries if isinstance(key, Literal) and _is_field(str(key.value)))
    if isinstance(made, Array) and len(made.items) > 1:
        return _plain(made.items[0])
    return _made(made) if isinstance(made, Call) else None


def awaited(expr: Expr) -> Expr:
    """Return what an expression gives once it was waited for."""
    made = uncast(expr)
    while isinstance(made, Await):
        made = uncast(made.value)
    return made


def _made(call: Call) -> bool | None:
    """Return what a call that makes an answer says."""
    first = call.args[0] if call.args else None
    if call.name in ("resolve", "freeze") and len(call.args) == 1:
        return answer_of(first)
    told = _first(value for name, value in _fields(call) if _is_field(name))
    if told is not None:
        return told
    if _is_record(call.name) or call.new:
        return _plain(first)
    owner = call.receiver.id if isinstance(call.receiver, Name) else ""
    said = words(call.name)[-1:] if _is_record(owner) else []
    if not said:
        return _told_by_maker(call)
    return True if set(said) & (GRANTING | {"yes"}) else False if set(said) & _NO else None


def _told_by_maker(call: Call) -> bool | None:
    """Return what all records say that a plain function of the subject makes: ``forbid("no rule permits it")``."""
    made = [answer_of(one) for one in _made_by(call)]
    return made[0] if made and made[0] is not None and all(one is made[0] for one in made) else None


def _made_by(call: Call) -> list[Object | Call]:
    """Return the records that a function of the subject answers with; nothing where it may answer anything else."""
    around = function_of(call)
    maker = definition(around.module, call.callee) if around is not None and isinstance(call.callee, Name) else None
    if not isinstance(maker, Function) or maker is around or len(maker.body) > _SHORT:
        return []
    given = [uncast(one.value) for one in returns_of(maker) if one.value is not None]
    given = [
        uncast(one.args[0]) if isinstance(one, Call) and one.name == "freeze" and one.args else one for one in given
    ]
    records = [one for one in given if isinstance(one, Object) or (isinstance(one, Call) and _is_record(one.name))]
    return records if len(records) == len(given) else []


_SHORT: Final = 3
"""Statements of a function that does no more than make an answer."""


def _fields(call: Call) -> Iterator[tuple[str, Expr]]:
    """Yield the fields of the record that a call makes."""
    around = function_of(call)
    if call.new or call.name[:1].isupper():
        yield from call.keywords.items()
    if around is not None:
        yield from given_fields(around.module, call)


def _is_record(name: str) -> bool:
    return name[:1].isupper() and words(name)[-1] in _RECORDS


def _is_field(name: str) -> bool:
    said = words(name)
    return bool(said) and said[-1] in _FIELDS and (len(said) == 1 or said[0] in ("is", "was"))


def _first(values: Iterator[Expr]) -> bool | None:
    return next((said for said in map(answer_of, values) if said is not None), None)


def _plain(value: Expr | None) -> bool | None:
    made = uncast(value) if value is not None else None
    return made.value if isinstance(made, Literal) and isinstance(made.value, bool) else None


def answers_in_records(function: Function) -> bool:
    """Tell whether a function's answer is a record or a pair that says yes or no, and why."""
    return any(isinstance(one, Object | Array | Call) and answer_of(one) is False for one in _given(function))


def surely_decides(function: Function) -> bool:
    """Tell whether a function's answers are records by which it says whether something is allowed."""
    return any(
        set(words(name)) & _SURE and answer_of(value) is False
        for one in _given(function)
        if isinstance(one, Object | Call)
        for name, value in _told(one)
    )


def _given(function: Function) -> list[Expr]:
    return [one for answer in returns_of(function) for one in written(function, answer.value)]


def _told(record: Object | Call) -> Iterator[tuple[str, Expr]]:
    if isinstance(record, Call):
        yield from _fields(record)
        for made in _made_by(record):
            yield from _told(made)
        return
    yield from ((str(key.value), value) for key, value in record.entries if isinstance(key, Literal))


def answers_in_words(function: Function) -> bool:
    """Tell whether a function's answer is one of two words, of which one grants and one refuses."""
    texts = {text.lower() for text in texts_of_type(function.module, function.returns)} if function.returns else set()
    if texts & GRANTING and texts & REFUSING:
        return True
    given = _given(function)
    return any(map(says_granted, given)) and any(
        isinstance(one, Literal | Member) and says(one, REFUSING) for one in given
    )


def written(function: Function, value: Expr | None) -> Iterator[Expr]:
    """Yield what an answer may be: both sides of a choice, and what a variable of the function is given."""
    made = awaited(value) if value is not None else None
    if isinstance(made, Conditional):
        yield from written(function, made.then)
        yield from written(function, made.other)
    elif isinstance(made, Binary) and made.op in ("??", "or", "and"):
        yield from written(function, made.left)
        yield from written(function, made.right)
    elif isinstance(made, Name):
        for assign in find(function.body, Assign, into_functions=False):
            if isinstance(assign.target, Name) and assign.target.id == made.id and assign.value is not None:
                yield awaited(assign.value)
    elif made is not None:
        yield made


def said_in_record(function: Function, answer: Expr) -> Iterator[Expr]:
    """Yield what a record says where it says yes or no: ``allowed`` of ``{ ok: allowed, why }``; else the answer."""
    fields = [
        value
        for key, value in (answer.entries if isinstance(answer, Object) else ())
        if isinstance(key, Literal) and _is_field(str(key.value))
    ]
    if not fields:
        yield answer
    for value in fields:
        yield from written(function, value)
