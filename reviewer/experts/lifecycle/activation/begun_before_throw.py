"""LIF184, in a plugin: the start begins something that goes on by itself, and then throws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, guarding_try, siblings
from reviewer.code.reach.links import class_of_value
from reviewer.code.syntax import Await, Call, Throw, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, statement_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.acquired import describe
from reviewer.experts.lifecycle.holding.owners import owners
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function

_LASTING: Final = frozenset({"timer", "resource", "task"})
_NETWORK: Final = frozenset("http https fetch network request session login connect axios httpx".split())
_BEGINS: Final = frozenset({"start", "run", "open", "begin", "watch"})
_RELEASES: Final = RELEASE_WORDS | {"end", "release", "reset"}


@module_check("LIF184", words=HOOK_WORDS)
def begun_before_throw(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at what the start of a plugin begins in front of a throw of its own that ends nothing first."""
    if module.is_test:
        return
    for owner in owners(inquiry, module):
        if not owner.plugin or owner.start is None or not owner.ends:
            continue
        for thrown in find(owner.start.body, Throw, into_functions=False):
            begun = next((node for node in before(thrown) if isinstance(node, Call) and _goes_on(module, node)), None)
            if begun is not None and not _ended(owner.start, begun, thrown):
                yield Match(
                    begun,
                    f"This goes on when '{owner.start.name}' fails in line {thrown.line}: a host that sees it fail has "
                    f"no reason to call '{owner.ends[0].name}', and each new try begins another.",
                    related=((thrown, "the start fails here"),),
                )
                break
        else:
            yield from _before_a_request(module, owner.start, owner.ends[0])


def _before_a_request(module: Module, start: Function, end: Function) -> Iterator[Match]:
    """Find what is begun in front of the first request that the start waits for, with no net around it."""
    for wait in find(start.body, Await, into_functions=False):
        call = strip(wait.value)
        if not isinstance(call, Call) or not _asks_server(call) or any(isinstance(a, Try) for a in ancestors(wait)):
            continue
        begun = next((node for node in before(wait) if isinstance(node, Call) and _goes_on(module, node)), None)
        if begun is not None and not any(isinstance(around, Try) for around in ancestors(begun)):
            yield Match(
                begun,
                f"This goes on when the request in line {wait.line} fails, and with it '{start.name}': a host that "
                f"sees it fail has no reason to call '{end.name}', and each new try begins another.",
                related=((wait, "may fail here"),),
                confidence=Confidence.POSSIBLE,
            )
            return


def _asks_server(call: Call) -> bool:
    """Tell whether a call asks a server, by its name or by what it is given to ask with."""
    said = {*words(call.name), *(word for arg in call.args for word in words(last_word(arg)))}
    if call.receiver is not None:
        said |= set(words(last_word(call.receiver)))
    return not _NETWORK.isdisjoint(said)


def _goes_on(module: Module, call: Call) -> bool:
    """Tell whether a call begins something that lasts, itself or by the start of an object of the subject's own."""
    found = describe(module, call)
    if found is not None:
        return found[0] in _LASTING and found[2]
    if call.receiver is None or call.name not in _BEGINS:
        return False
    helper = class_of_value(module, call.receiver)
    method = helper.method(call.name) if helper is not None else None
    if helper is None or method is None:
        return False
    kinds = [describe(helper.module, inner) for inner in calls_in(method.body, into_functions=False)]
    return any(kind is not None and kind[0] in ("timer", "task") for kind in kinds)


def _ended(start: Function, begun: Call, thrown: Throw) -> bool:
    """Tell whether something is ended on the way to a throw, or around it when it comes."""
    branch = [call for statement in siblings(statement_of(thrown) or thrown) for call in calls_in(statement)]
    between = [node for node in before(thrown) if isinstance(node, Call) and node.start > begun.start]
    if any(not _RELEASES.isdisjoint(words(call.name)) for call in (*branch, *between)):
        return True
    attempt = guarding_try(thrown)
    nets = [around for around in ancestors(thrown) if isinstance(around, Try) and around.final]
    return attempt is not None or bool(nets)
