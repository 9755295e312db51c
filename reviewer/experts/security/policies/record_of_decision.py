"""SEC014: the record of one guest, in which a decision looks, is given out to that guest as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.reach.record_members import record_around
from reviewer.code.syntax import Binary, Call, Class, Expr, Function, Index, Member, Name, Object, Return, strip
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.guests import table_of
from reviewer.experts.security.deciding.decisions import decision_functions
from reviewer.experts.security.handing.given_to_guests import goes_to_guest
from reviewer.experts.security.policies.rules_given_out import looked_up_in
from reviewer.experts.security.vocabulary import ANSWERING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("SEC014", words=ANSWERING)
def record_of_decision(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the record that a decision asks, ``of(id).consent.rights``, for who answers ``of(id).consent``."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for deciding in decision_functions(inquiry, module):
        asked = set(_asked(module, deciding))
        for beside in _beside(module, deciding) if asked else ():
            answer = _only_answer(beside)
            if answer is None or _spelling(module, beside, answer) not in asked or not _is_passed_on(inquiry, beside):
                continue
            yield Match(
                answer,
                f"'{beside.name}' gives out '{short(module.text_of(answer))}', in which '{deciding.name}' looks up "
                "what somebody may: a guest that gets it changes what it may do.",
                related=((deciding, "decided here"),),
            )


def _asked(module: Module, deciding: Function) -> Iterator[str]:
    """Yield how the records are spelled in which a decision looks, one step after the other."""
    for lookup in (*find(deciding.body, Call), *find(deciding.body, Index), *find(deciding.body, Binary)):
        holder = looked_up_in(lookup)
        while isinstance(holder, Member):
            if _is_one_of_many(holder, deciding):
                yield _spelling(module, deciding, holder)
            holder = strip(holder.object)
            if _is_open_entry(module, holder) and _is_told(holder, deciding):
                yield _spelling(module, deciding, holder)


def _is_one_of_many(record: Expr, function: Function) -> bool:
    """Tell whether an expression leads through a look-up by what the function is told, to a member of what is there."""
    holder = strip(record)
    while isinstance(holder, Member):
        holder = strip(holder.object)
    return isinstance(strip(record), Member) and _is_told(holder, function)


def _is_told(holder: Expr, function: Function) -> bool:
    """Tell whether something is looked up by what a function is told."""
    told = {param.name for param in function.params if param.name}
    given = holder.args if isinstance(holder, Call) else [holder.key] if isinstance(holder, Index) else []
    return any(names_in(one) & told for one in given)


def _is_open_entry(module: Module, holder: Expr) -> bool:
    """Tell whether what is looked up in a table of the file is a record that whoever holds it can change."""
    looked = looked_up_in(holder) if isinstance(holder, Call | Index) else None
    table = table_of(module, looked) if looked is not None else None
    written = [module.scopes.origin(one.value) for one in table.of("write") if one.value is not None] if table else []
    return bool(written) and all(isinstance(one, Expr) and _is_open(module, one) for one in written)


def _is_open(module: Module, made: Expr) -> bool:
    if isinstance(made, Object):
        return True
    cls = definition(module, made.callee) if isinstance(made, Call) else None
    if not isinstance(cls, Class):
        return False
    said = " ".join(module.text_of(one) for one in (*cls.decorators, *cls.bases)) if cls.module is module else "frozen"
    return "frozen" not in said and "NamedTuple" not in said


def _spelling(module: Module, function: Function, record: Expr) -> str:
    """Return how a record is written, with the parameters of the function by their places."""
    said = "".join(module.text_of(record).split()).replace("?.", ".")
    told = {name.id for name in find(record, Name)} & {param.name for param in function.params if param.name}
    for place, param in enumerate(function.params):
        if param.name in told:
            said = said.replace(f"({param.name})", f"(\0{place})").replace(f"[{param.name}]", f"[\0{place}]")
    return said


def _beside(module: Module, deciding: Function) -> Iterator[Function]:
    """Yield the functions that belong to the same class, or to the same object, as a decision."""
    if deciding.owner is not None:
        yield from (one for one in deciding.owner.methods if one is not deciding and not one.private)
    elif isinstance(deciding.parent, Object):
        yield from (one for _key, one in deciding.parent.entries if isinstance(one, Function) and one is not deciding)


def _only_answer(function: Function) -> Expr | None:
    answers = [one.value for one in returns_of(function)]
    only = answers[0] if len(answers) == 1 else None
    if only is None:
        return None
    looked_up = strip(only)
    if isinstance(looked_up, Member):
        return only if _is_one_of_many(only, function) else None
    return only if isinstance(looked_up, Index | Call) and _is_told(looked_up, function) else None


def _is_passed_on(inquiry: Inquiry, giver: Function) -> bool:
    """Tell whether an object that is made for guests has a member that answers with what a function gives."""
    name = giver.name
    asked = f"security.passed on {name}"
    return bool(name) and any(
        inquiry.project.answers(asked, lambda other: _passes_on(other, name), naming={name}, tests=False)
    )


def _passes_on(module: Module, name: str) -> bool:
    for call in module.calls((name,)):
        around = call.parent
        member = function_of(call) if isinstance(around, Return) else None
        made = record_around(member) if member is not None else around
        if isinstance(made, Object | Call) and goes_to_guest(module, made):
            return True
    return False
