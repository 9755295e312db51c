"""LIF622: something is asked for its state when its connection was just closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, siblings
from reviewer.code.syntax import Assign, Call, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import behind, calls_in, statement_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hook_uses, uses_in
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Statement
    from reviewer.experts.check import Inquiry

_CLOSES: Final = frozenset({"close", "terminate", "kill", "disconnect", "destroy", "aclose"})
_ASKS: Final = word_set("snapshot state dump export serialize serialise request call invoke ask")


@module_check("LIF622", words={"snapshot", "state", "dump", "export", "serialize", "serialise"})
def asked_after_close(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what follows the call that closes something."""
    if module.is_test:
        return
    for call in module.calls(_CLOSES):
        held = strip(call.receiver) if call.receiver is not None else None
        statement = statement_of(call)
        if not isinstance(held, Name) or held.id == "this" or statement is None or call.args:
            continue
        asked = _asked_behind(siblings(statement, module), statement, held.id)
        if asked is not None:
            yield Match(
                asked,
                f"'{short(module.text_of(asked))}' asks '{held.id}', which was closed before: no answer can come any "
                "more, and what takes its place starts without the state.",
                related=((call, "it is closed here"),),
            )


@module_check("LIF622", words=HOOK_WORDS)
def asked_after_stop(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each hook by which a plugin hands over its state for the one that ended the same plugin before."""
    if module.is_test:
        return
    stops = uses_in(inquiry, module, "stop")
    for save in uses_in(inquiry, module, "save") if stops else ():
        whose = module.text_of(save.receiver)
        ran = {id(node) for node in before(save.site)}
        ended = [stop for stop in stops if id(stop.site) in ran and module.text_of(stop.receiver) == whose]
        if not ended or any(
            use.kind == "start"
            and module.text_of(use.receiver) == whose
            and behind(save.site, use.site)
            and behind(use.site, ended[-1].site)
            for use in hook_uses(inquiry, module)
        ):
            continue
        yield Match(
            save.call,
            f"'{short(module.text_of(save.member))}' is asked of a plugin that was ended before: it has let go of what "
            "it held, and what takes its place starts without the state.",
            related=((ended[-1].call, "it is ended here"),),
        )


def _asked_behind(statements: list[Statement], closed: Statement, name: str) -> Call | None:
    seen = False
    for statement in statements:
        if statement is closed:
            seen = True
            continue
        if not seen:
            continue
        if isinstance(statement, Assign) and isinstance(statement.target, Name) and statement.target.id == name:
            return None
        for call in calls_in(statement, into_functions=False):
            if set(words(call.name)) & _ASKS and _is_asked(call, name):
                return call
    return None


def _is_asked(call: Call, name: str) -> bool:
    receiver = strip(call.receiver) if call.receiver is not None else None
    if isinstance(receiver, Name) and receiver.id == name:
        return bool(set(words(call.name)) & {"snapshot", "state", "dump", "request", "call", "invoke", "ask"})
    given = [strip(one) for one in call.args]
    told = set(words(call.name)) & {"snapshot", "state"}
    return bool(told) and any(isinstance(one, Name) and one.id == name for one in given)
