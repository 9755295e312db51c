"""COM055: a handler that may refuse is taken for a yes when it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, guarding_try, use_of
from reviewer.code.syntax import (
    Assign,
    Call,
    For,
    Function,
    Handler,
    If,
    Jump,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Throw,
    Try,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, inside, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import named_function
from reviewer.experts.communication.invocations import Invocation, invocations
from reviewer.experts.communication.policies import begins_with_no, blames, drop_refuses, passes_refusals_on
from reviewer.experts.communication.vocabulary import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_REFUSES: Final = frozenset(
    "cancel cancelled canceled veto vetoed block blocked prevent prevented reject rejected refuse refused deny denied "
    "abort aborted stop stopped drop dropped false continue proceed allow allowed pass ok valid accept accepted".split()
)


_CONSENTS: Final = frozenset(
    "ok allow allowed pass passed valid accept accepted approved permitted may continue proceed".split()
)
"""Keys under which an answer says yes."""


@module_check("COM055")
def veto_fails_open(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over handlers whose answers decide for what the failure of one decides."""
    if module.is_test:
        return
    seen: set[int] = set()
    for found in invocations(inquiry, module):
        consent = _taken_for_yes(found)
        if consent is not None:
            yield Match(
                consent,
                f"When '{module.text_of(found.call.callee)[:60]}(…)' fails, its answer is taken to be yes: a check "
                "that crashes lets everything through.",
                related=((found.call, "its answer decides"),),
            )
            continue
        guard = _guard_around(found)
        if found.loop is None or guard is None or id(guard) in seen or not inside(guard, found.loop):
            continue
        seen.add(id(guard))
        function = named_function(found.function)
        if function is None or not _decides(found):
            continue
        handler = next((h for h in guard.handlers if not _refuses(h, _answers(found))), None)
        if begins_with_no(found.loop, _answers(found)):
            continue
        if handler is not None:
            yield Match(
                handler,
                f"'{module.text_of(found.call.callee)[:60]}(…)' may refuse, and when it throws the loop goes on as if "
                "it had agreed: a check that crashes lets everything through.",
                related=((found.call, "its answer decides here"),),
            )


def _taken_for_yes(found: Invocation) -> Call | None:
    """Return ``gate(x).catch(() => ({ok: true}))``: what takes a failure for leave."""
    member = found.call.parent
    around = member.parent if isinstance(member, Member) and member.name == "catch" else None
    given = strip(around.args[0]) if isinstance(around, Call) and around.args else None
    if not isinstance(around, Call) or not isinstance(given, Function) or found.loop is None:
        return None
    for answer in find(given.body, Return, into_functions=False):
        value = strip(answer.value) if answer.value is not None else None
        for key, said in value.entries if isinstance(value, Object) else ():
            yes = isinstance(said, Literal) and said.value is True
            if yes and isinstance(key, Literal) and set(words(str(key.value))) & _CONSENTS:
                return around
    return None


def _decides(found: Invocation) -> bool:
    """Tell whether the answer of a handler can end the matter: the loop is left with a refusal where it says so."""
    names, drops = _answers(found), found.function is not None and drop_refuses(found.function.module)
    target = found.loop.target if isinstance(found.loop, For) else None
    items = {name.id for name in find(target, Name)} if target is not None else set()
    for node in walk(found.loop) if found.loop is not None else ():
        if not isinstance(node, If) or not exits(node.body) or _only_doubts(node):
            continue
        asked = inside(found.call, node.test) or any(isinstance(n, Name) and n.id in names for n in walk(node.test))
        if asked and any(
            _is_refusal(statement, dropped=drops) or blames(node.test, statement, items, names)
            for statement in node.body
        ):
            return True
    return False


def _only_doubts(test: If) -> bool:
    """Tell whether an answer is thrown away as a wrong one, into the handler that stands around it anyway."""
    attempt = guarding_try(test)
    if attempt is not None and any(passes_refusals_on(one) for handler in attempt.handlers for one in handler.body):
        return False
    return (
        attempt is not None
        and all(not isinstance(one, Return) for one in test.body)
        and any(isinstance(one, Throw) for one in test.body)
    )


def _guard_around(found: Invocation) -> Try | None:
    """Return the ``try`` in the loop that takes the error of a handler, also where a helper with a limit runs it.

    ``await within(MS, () => gate.check(order))`` fails where ``gate.check(order)`` does; what is put off does not.
    """
    node: Node = found.call
    if found.loop is None:
        return None
    while (guard := guarding_try(node)) is None:
        function = function_of(node)
        around = function.parent if function is not None else None
        if not isinstance(around, Call) or not inside(around, found.loop) or function not in around.args:
            return None
        if not (use_of(around).awaited or use_of(around).how in ("assigned", "tested", "returned")):
            return None
        node = around
    return guard


def _answers(found: Invocation) -> set[str]:
    """Return the names that the answer of a handler gets in the loop, waits and limits around it seen through."""
    for around in ancestors(found.call):
        if around is found.loop:
            break
        if isinstance(around, Assign) and not inside(found.call, around.target):
            return {name.id for name in find(around.target, Name)}
    return set()


def _is_refusal(statement: Node, *, dropped: bool) -> bool:
    if isinstance(statement, Throw):
        return True
    if not isinstance(statement, Return) or statement.value is None:
        return False
    value = statement.value
    if isinstance(value, Literal):
        if isinstance(value.value, str):
            return not _REFUSES.isdisjoint(words(value.value)) and _CONSENTS.isdisjoint(words(value.value))
        return value.value is False or (dropped and value.value is None)
    return bool(spoken(value) & _REFUSES) or any(
        isinstance(n, Literal) and (n.value is False or str(n.value) in _REFUSES) for n in walk(value)
    )


def _refuses(handler: Handler, answers: set[str]) -> bool:
    """Tell whether the failure of a handler is a refusal: the function is left, or a flag says so.

    Where it is left for some alone, that has to hang on who failed: a test of the error lets other errors through.
    """
    if exits(handler.body) and not any(isinstance(s, Jump) for s in handler.body):
        return True
    for node in find(handler.body, If, into_functions=False):
        of_error = handler.name and any(one.id == handler.name for one in find(node.test, Name))
        if exits(node.body) and not of_error and any(isinstance(one, Return) for one in node.body):
            return True
    own = [one for one in handler.body if not passes_refusals_on(one)]  # what is no refusal goes past these
    return any(
        isinstance(node, Throw | Return)
        or (isinstance(node, Assign) and not isinstance(node.value, Call) and not _says_yes(node, answers))
        for node in walk(own, into_functions=False)
    )


def _says_yes(assign: Assign, answers: set[str]) -> bool:
    """Tell whether a failure is written down as the answer yes: ``ok = True``."""
    value = strip(assign.value) if assign.value is not None else None
    named = isinstance(assign.target, Name) and assign.target.id in answers
    return named and isinstance(value, Literal) and value.value is True
