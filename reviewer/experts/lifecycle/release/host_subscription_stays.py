"""LIF029: a host listens to something for one plugin, and the plugin's end leaves the subscription."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, Function, Name, Node, Param, Template, strip
from reviewer.code.text.ideas import LISTENS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost, with_helpers
from reviewer.experts.lifecycle.hooks.hooks import HookUse, hook_uses
from reviewer.experts.lifecycle.values import last_word, root_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("LIF029")
def host_subscription_stays(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what the functions that start plugins subscribe to under the plugin's name."""
    if module.is_test:
        return
    uses = hook_uses(inquiry, module)
    ends = list(_ends(uses))
    plugins = {root_name(use.receiver) for use in uses}
    said: set[int] = set()
    for use in uses if ends else ():
        start = outermost(use.site) if use.kind == "start" else None
        if start is None or start in ends or id(start) in said:
            continue
        said.add(id(start))
        for call in calls_in(start.body):
            on = call.receiver
            if on is None or not _subscribes(module, call, start) or root_name(on) in plugins:
                continue
            if _lives_longer(module, on, start) and not any(_turns_to(end, last_word(on)) for end in ends):
                yield Match(
                    call,
                    f"'{short(module.text_of(call.callee))}' listens for one plugin, and '{ends[0].name}' leaves that "
                    "as it is: a plugin that has ended is still heard, and one that is started again is heard twice.",
                    related=((ends[0], "ended here"),),
                )


def _ends(uses: tuple[HookUse, ...]) -> Iterator[Function]:
    for use in uses:
        end = outermost(use.site) if use.kind == "stop" else None
        if end is not None:
            yield end
            yield from (home for call in callers(end) if end.private and (home := function_of(call)) is not None)


def _subscribes(module: Module, call: Call, start: Function) -> bool:
    """Tell whether a call hands over a function under a name that is made of the plugin's, and drops what it gets."""
    named = call.name in LISTENS or words(call.name)[:1] == ("on",)
    if not named or len(call.args) < 2 or use_of(call).how != "dropped":
        return False
    topic, given = strip(call.args[0]), strip(call.args[1])
    hears = isinstance(given, Function) or isinstance(definition(module, given), Function)
    params = {param.name for param in start.params}
    return hears and isinstance(topic, Template) and bool(names_in(topic) & params)


def _lives_longer(module: Module, on: Expr, start: Function) -> bool:
    """Tell whether what is listened to was there before the plugin: a field, or a variable further out."""
    on = strip(on)
    if is_this_member(on):
        return True
    bound = module.scopes.lookup(on.id, on) if isinstance(on, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if isinstance(only, Param):
        return only.parent is not start and isinstance(only.parent, Function) and not inside(only.parent, start)
    return isinstance(only, Node) and not inside(only, start)


def _turns_to(end: Function, name: str) -> bool:
    """Tell whether the end of a plugin, or a helper of it, asks anything of what was listened to."""
    return any(
        call.receiver is not None and last_word(call.receiver) == name
        for function in with_helpers(end)
        for call in calls_in(function.body)
    )
