"""API020: what counts calls and refuses the one too many is made anew for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Class, Function, Member, Name, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.api.handed_out.fresh_wrapper import class_memory, closure_memory, is_kept
from reviewer.experts.api.handed_out.quotas import LIMITS, refuses_by
from reviewer.experts.api.vocabulary import spelled
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("API020")
def counted_anew(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is made only to be called at once: ``rationed(20, send)(to)``, ``new Quota(20).take()``."""
    if module.is_test:
        return
    for call in module.all(Call):
        called = strip(call.callee)
        made = strip(called.object) if isinstance(called, Member) else called
        if not isinstance(made, Call) or function_of(call) is None or not isinstance(made.callee, Name | Member):
            continue
        method = called.name if isinstance(called, Member) else ""
        answer = _answer_of(module, made) if method else None
        at, limiter = (module, made) if answer is None else answer
        memory = _counts(at, limiter, method)
        if memory:
            own = at is module and class_of(limiter) is not None and class_of(limiter) is class_of(made)
            yield Match(
                limiter if own else made,
                f"'{spelled(limiter.callee)}' is made anew for each call, and what it counts in '{memory}' starts anew "
                "each time: its limit is never reached.",
                related=((made, "called here"),) if own and limiter is not made else (),
                confidence=Confidence.POSSIBLE if method and not _limits(at, limiter) else Confidence.LIKELY,
            )


def _answer_of(module: Module, made: Call) -> tuple[Module, Call] | None:
    """Return what a helper makes and gives back each time that it is called: ``quota()`` of ``quota().take(1)``.

    What everybody reaches, a getter or a method of a context, is told where it gives that.
    """
    helper = definition(module, made.callee)
    if not isinstance(helper, Function) or helper.asynchronous or helper.generator or is_kept(helper):
        return None
    if helper.owner is not None and not helper.private:
        return None
    answers = [one.value for one in find(helper.body, Return, into_functions=False)]
    limiter = strip(answers[0]) if len(answers) == 1 and answers[0] is not None else None
    return (helper.module, limiter) if isinstance(limiter, Call) else None


def _limits(module: Module, made: Call) -> bool:
    """Tell whether a class says by its words that it limits something: else it may be made for one piece of work."""
    maker = definition(module, made.callee)
    if not isinstance(maker, Class):
        return True
    begin = maker.method("constructor") or maker.method("__init__")
    given = [param.name for param in begin.params] if begin is not None else []
    return any(not LIMITS.isdisjoint(words(name)) for name in (maker.name, *given))


def _counts(module: Module, made: Call, method: str) -> str:
    """Return the name of what refuses by its number, and begins anew with what is made here, or an empty string."""
    maker = definition(module, made.callee)
    if isinstance(maker, Class) and method:
        counted = maker.method(method)
        memory = class_memory(maker)
        return memory if counted is not None and memory and refuses_by(counted, memory) else ""
    if not isinstance(maker, Function) or method or maker.asynchronous:
        return ""
    answer = next(find(maker.body, Return, into_functions=False), None)
    given = definition(maker.module, answer.value) if answer is not None and answer.value is not None else None
    if not isinstance(given, Function):
        return ""
    memory = closure_memory(maker.module, maker, given, begins=lambda _value: True)
    return memory if memory and refuses_by(given, memory) else ""
