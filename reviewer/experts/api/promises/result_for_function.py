"""API050: a function is asked for, and what is given is a call of one that answers later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Name, Spread, strip
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Param


@module_check("API050", words={"async", "await"})
def result_for_function(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call that is handed a promise or a coroutine for a parameter which is called."""
    if module.is_test:
        return
    for call in module.all(Call):
        for number, given in enumerate(call.args):
            made = strip(given) if type(given) is Call else None
            if not isinstance(made, Call) or made.new or not _answers_later(module, made):
                continue
            taker = definition(module, call.callee)
            param = _param(taker, call, number) if isinstance(taker, Function) else None
            if param is None or not isinstance(taker, Function) or not _is_only_called(taker, param):
                continue
            yield Match(
                made,
                f"'{taker.name}' calls what it is given for '{param.name}', and this is no function: it has run "
                f"already, once, and '{param.name}()' fails.",
                related=((param, "called in there"),) if taker.module is module else (),
                fix=f"Hand over a function: `{_spelled(module, made)}`.",
            )


def _answers_later(module: Module, made: Call) -> bool:
    """Tell whether a call gives a promise, or a coroutine, of which nobody can say that it is a function."""
    own = definition(module, made.callee)
    return isinstance(own, Function) and own.asynchronous and not own.generator and not own.signature_only


def _param(taker: Function, call: Call, number: int) -> Param | None:
    if any(isinstance(one, Spread) for one in call.args) or number >= len(taker.params):
        return None
    param = taker.params[number]
    return param if param.name and not param.rest else None


def _is_only_called(taker: Function, param: Param) -> bool:
    """Tell whether a function does nothing else with a parameter than to call it: it asks nowhere what it is."""
    uses = [one for one in find(taker.body, Name) if one.id == param.name]
    called = {id(strip(call.callee)) for call in calls_in(taker.body)}
    return bool(uses) and all(id(one) in called for one in uses)


def _spelled(module: Module, made: Expr) -> str:
    text = short(module.text_of(made))
    return f"lambda: {text}" if module.language == "python" else f"() => {text}"
