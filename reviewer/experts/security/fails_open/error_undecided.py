"""SEC003: an error leaves neither yes nor no behind, and only a no is refused afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import exits, siblings
from reviewer.code.syntax import Assign, Binary, Call, Expr, Handler, If, Literal, Name, Try, is_nothing, strip, uncast
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, surroundings
from reviewer.experts.security.deciding.decisions import is_check, is_decision, is_guard_function
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.deciding.verdicts import awaited
from reviewer.experts.security.vocabulary import PERMISSION, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("SEC003", words=TRIGGERS | {"check", "right", "rights", "allow", "permission"})
def error_undecided(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal that stands behind a ``try`` and asks only whether the answer was no."""
    if module.is_test:
        return
    for node in module.all(Try):
        asked = {last_name(one.target): one for one in find(node.body, Assign, into_functions=False) if _is_answer(one)}
        if not asked:
            continue
        beside = siblings(node, module)
        later = beside[beside.index(node) + 1 :] if node in beside else []
        for test in (one for one in later if isinstance(one, If)):
            name = _only_no(test)
            asking = asked.get(name)
            if asking is None or not refuses(test.body) or test.orelse or not _about_rights(module, node, asking):
                continue
            open_ = next((one for one in node.handlers if _leaves_undecided(node, one, name)), None)
            if open_ is not None:
                yield Match(
                    test.test,
                    f"After an error '{name}' is neither yes nor no, and only a plain no is refused here: whoever asks "
                    "while the answer can't be had goes through.",
                    related=((open_, "the error leaves it so"),),
                )


def _is_answer(assign: Assign) -> bool:
    return isinstance(assign.target, Name) and assign.value is not None and isinstance(awaited(assign.value), Call)


def _only_no(test: If) -> str:
    """Return the name that a test holds against a plain no: ``allowed === false``, ``ok is False``."""
    asked = uncast(test.test)
    if not isinstance(asked, Binary) or asked.op not in ("==", "is"):
        return ""
    held, said = strip(asked.left), strip(asked.right)
    if isinstance(held, Name) and isinstance(said, Literal) and said.value is False:
        return held.id
    return ""


def _leaves_undecided(node: Try, handler: Handler, name: str) -> bool:
    """Tell whether a handler runs through, and leaves a name empty."""
    if exits(handler.body):
        return False
    given = [one for one in find(handler.body, Assign) if isinstance(one.target, Name) and one.target.id == name]
    function = function_of(node)
    if not given and function is not None:
        before = (one for one in find(function.body, Assign, into_functions=False) if one.start < node.start)
        given = [one for one in before if isinstance(one.target, Name) and one.target.id == name]
    return all(one.value is None or _is_empty(one.value) for one in given)


def _is_empty(value: Expr | None) -> bool:
    return value is not None and is_nothing(strip(value))


def _about_rights(module: Module, node: Try, asking: Assign) -> bool:
    """Tell whether the answer is one about what somebody may do."""
    function = function_of(node)
    call = awaited(asking.value) if asking.value is not None else None
    if isinstance(call, Call) and is_check(module, call):
        return True
    if function is not None and (is_decision(function) or is_guard_function(function)):
        return True
    said = set(words(last_name(asking.target)))
    return bool((said | surroundings(function)) & (PERMISSION | {"gate", "guard"}))
