"""API017: a function answers with data and what is wrong with it, and the latter is told to a log at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Array, Assign, Call, Expr, Function, Index, Literal, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.api.schemas.validation_ignored import FINDS
from reviewer.experts.api.schemas.verdicts import only_told
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WRONG: Final = FINDS | frozenset("reasons reason wrong failures failed invalid".split())
_VERDICTS: Final = frozenset({"ok", "valid", "success", "passed", "fits", "isValid", "is_valid"})
_FILLS: Final = frozenset({"push", "append", "add", "extend"})


@module_check("API017", words=_WRONG | _VERDICTS)
def problems_taken_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what becomes of the part of an answer that says what is wrong with the other part."""
    if module.is_test:
        return
    for made in module.all(Assign):
        if not isinstance(made.target, Name) or made.value is None or made.op != "=":
            continue
        value = strip(made.value)
        whole = strip(value.object) if isinstance(value, Member | Index) else None
        if isinstance(whole, Call) and not (_is_problems(module, whole, value) or _is_success(whole, value)):
            continue
        if whole is None and not (isinstance(value, Call) and _is_verdict(module, value)):
            continue
        call = whole if isinstance(whole, Call) else value
        told = only_told(made, made.target.id) if isinstance(call, Call) else None
        if isinstance(call, Call) and told is not None and told is not made:
            yield Match(
                told,
                f"What '{call.name}' finds is kept in '{made.target.id}' and at most logged: the data is used although "
                "it does not fit.",
                related=((call, "the validation"),),
            )


def _is_success(call: Call, part: Expr) -> bool:
    """Tell whether a part of what a library's validator answers says whether it succeeded."""
    return isinstance(part, Member) and part.name in _VERDICTS and call.name.startswith(("safeParse", "safe_parse"))


def _answers_of(module: Module, call: Call) -> tuple[Function | None, list[Expr]]:
    found = definition(module, call.callee) if not call.new else None
    if not isinstance(found, Function) or found.generator:
        return None, []
    return found, [strip(one.value) for one in returns_of(found) if one.value is not None]


def _is_problems(module: Module, call: Call, part: Expr) -> bool:
    """Tell whether a part of what a call answers is the list of what is wrong, by its name and by how it is filled."""
    found, answers = _answers_of(module, call)
    if found is None or not answers:
        return False
    for answer in answers:
        held: Expr | None = None
        name = ""
        if isinstance(part, Member) and isinstance(answer, Object):
            held, name = answer.get(part.name), part.name
        elif isinstance(part, Index) and isinstance(answer, Array) and isinstance(key := strip(part.key), Literal):
            place = key.value if isinstance(key.value, int) else -1
            held = answer.items[place] if 0 <= place < len(answer.items) else None
        held = strip(held) if held is not None else None
        name = name or (held.id if isinstance(held, Name) else "")
        if not isinstance(held, Name) or not set(words(name)) & _WRONG or not _is_filled(found, held):
            return False
    return True


def _is_filled(function: Function, name: Name) -> bool:
    """Tell whether a function fills a list of its own, or hands it to others to be filled."""
    made = any(
        isinstance(one.target, Name) and one.target.id == name.id and isinstance(_bare(one.value), Array)
        for one in find(function.body, Assign)
    )
    return made and any(
        (call.name in _FILLS and isinstance(call.receiver, Name) and call.receiver.id == name.id)
        or any(isinstance(given := strip(one), Name) and given.id == name.id for one in call.args)
        for call in find(function.body, Call)
    )


def _bare(value: Expr | None) -> Expr | None:
    return strip(value) if value is not None else None


def _is_verdict(module: Module, call: Call) -> bool:
    """Tell whether a call answers with a record that says whether something is right, and what is wrong with it."""
    found, answers = _answers_of(module, call)
    return (
        found is not None
        and bool(answers)
        and all(
            isinstance(one, Object) and bool(_VERDICTS & set(map(str, one.keys))) and _names_wrong(one)
            for one in answers
        )
    )


def _names_wrong(answer: Object) -> bool:
    return any(set(words(str(key))) & _WRONG for key in answer.keys)
