"""COM621: others are told that something was done, before it is done and saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import siblings
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, Delete, ExprStatement, Function, Literal, Statement, strip
from reviewer.code.tables import tables
from reviewer.code.text.ideas import SEND_WORDS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, function_of, statement_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TELLS: Final = SEND_WORDS | word_set("tell notify signal inform")
_SAVES: Final = word_set("save persist write flush store commit")
_DONE: Final = word_set("set put left lost gone sent made begun")
"""Words for what is over that don't end in ``ed``."""
_MOST: Final = 60


@module_check("COM621", words=_TELLS)
def told_before_saved(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each event of something done for the change, and the saving of it, that stand behind it."""
    if module.is_test:
        return
    kept = [table for table in tables(module)[:_MOST] if table.owner is not None]
    for call in module.all(Call):
        told = _done(call)
        statement = statement_of(call) if told else None
        if statement is None or not isinstance(statement, ExprStatement):
            continue
        around = siblings(statement)
        later = [one for one in around if one.start >= statement.stop]
        earlier = [one for one in around if one.stop <= statement.start]
        changes = {id(access.node) for table in kept for access in table.of("write", "delete")}
        save = next((one for part in later for one in calls_in(part) if _saves(module, one)), None)
        if save is None or any(_saves(module, one) for part in earlier for one in calls_in(part)):
            continue
        if _changes(earlier, changes) and _saved_first(module, call, save):
            yield Match(
                call,
                f"'{told}' is told here, and the change is saved only behind it: where the saving fails, they were "
                "told of what is gone after the next start.",
                related=((save, "saved here"),),
                fix="Tell of it once it is saved, as is done elsewhere in this class.",
            )
        elif _changes(later, changes) and not _changes(earlier, changes):
            yield Match(
                call,
                f"'{told}' is told here, and the change is made and saved only behind it: whoever hears of it finds "
                "what was there before, and where the saving fails they were told of what never happened.",
                related=((save, "saved here"),),
                fix="Tell of it once it is saved.",
            )


def _saved_first(module: Module, told: Call, save: Call) -> bool:
    """Tell whether another method of the class saves in the same way before it tells others of a change."""
    own, cls = function_of(told), class_of(told)
    for method in cls.methods if cls is not None else ():
        if method is own:
            continue
        calls = list(calls_in(method.body, into_functions=False))
        saved = next((one for one in calls if _saves(module, one) and one.name == save.name), None)
        if saved is not None and any(one.name == told.name and one.start > saved.stop for one in calls):
            return True
    return False


def _done(call: Call) -> str:
    """Return the name of an event by which a call tells that something has been done, else an empty text."""
    said = words(call.name)
    first = strip(call.args[0]) if call.args else None
    if not said or said[0] not in _TELLS or not isinstance(first, Literal) or not isinstance(first.value, str):
        return ""
    named = words(first.value)
    return first.value if named and (named[-1].endswith("ed") or named[-1] in _DONE) else ""


def _changes(statements: list[Statement], changes: set[int]) -> bool:
    return any(id(node) in changes for part in statements for node in find(part, Assign | Call | Delete))  # type: ignore[arg-type]  # a union works as a kind


def _saves(module: Module, call: Call) -> bool:
    """Tell whether a call puts away what an object holds: ``self._write()``, ``await this.save()``."""
    if not is_this_member(strip(call.callee)) or not set(words(call.name)) & _SAVES:
        return False
    own = definition(module, call.callee)
    return isinstance(own, Function) or isinstance(call.parent, Await)
