"""LIF440: a plugin is said to run while it still starts, and whoever asks meanwhile takes it for one that does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Function, Literal, Member, Name, Object, Try, strip
from reviewer.code.walk import ancestors, calls_in, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.taken_back import undone_on_failure
from reviewer.experts.lifecycle.guests.entries import Entry, concerns, entries, ran_after, ran_before, state_of
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, HookUse, awaited, uses_in
from reviewer.experts.lifecycle.vocabulary import ACTIVE_WORDS, has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node

_WISHES: Final = frozenset({"enabled", "installed", "active", "mounted"})
"""Words of what somebody wants of a plugin, and not what has become of it; or of what is set up beforehand."""


@module_check("LIF440", words=HOOK_WORDS)
def ready_while_starting(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a state of a running plugin that is set before a start that is waited for, and set back by its failure.

    Where nothing sets it back, that is worse, and said by another rule.
    """
    if module.is_test:
        return
    for use in uses_in(inquiry, module, "start"):
        if not (awaited(use.site) or awaited(use.call)):
            continue
        undone = undone_on_failure(module, use.site)
        place = (_flagged(inquiry, module, use) if undone else None) or _told(module, use)
        if place is not None:
            yield Match(
                place,
                f"This says that the plugin runs, and '{module.text_of(use.member)}' is only waited for afterwards: "
                "whoever looks meanwhile uses a plugin that is not there yet.",
                related=((use.call, "waited for here"),),
            )


def _flagged(inquiry: Inquiry, module: Module, use: HookUse) -> Node | None:
    """Return where the record of a plugin says that it runs, before its start and nowhere behind it."""
    told = entries(inquiry, module)
    early = [e for e in told if e.state == "active" and ran_before(e, use.site) and concerns(module, e, use)]
    if not early or any(e.state == "active" and ran_after(e, use.site) for e in told):
        return None
    for entry in early:
        flag = _flag_of(module, entry)
        if flag is not None and _is_asked(module, flag[0]):
            return flag[1]
    return None


def _flag_of(module: Module, entry: Entry) -> tuple[str, Node] | None:
    """Return the member that says that a plugin runs, and where it is given: ``ready: true``."""
    node = entry.node
    if isinstance(node, Assign) and isinstance(node.target, Member):
        return None if has_word(node.target.name, _WISHES) else (node.target.name, node)
    given = [strip(arg) for arg in node.args] if isinstance(node, Call) else []
    given += [strip(node.value)] if isinstance(node, Assign) and node.value is not None else []
    for value in given:
        record = module.scopes.origin(value) if isinstance(value, Name) else value
        for key, held in record.entries if isinstance(record, Object) else ():
            inner = strip(held)
            if not isinstance(key, Literal) or not isinstance(inner, Literal) or has_word(str(key.value), _WISHES):
                continue
            said = inner.value is True and has_word(str(key.value), ACTIVE_WORDS)
            if said or state_of(inner) == "active":
                return str(key.value), inner
    return None


def _is_asked(module: Module, name: str) -> bool:
    """Tell whether a member is read anywhere in the file."""
    return any(
        one.name == name and not (isinstance(one.parent, Assign) and one.parent.target is one)
        for one in module.all(Member)
    )


def _told(module: Module, use: HookUse) -> Call | None:
    """Return the call that tells a state of a running plugin, where the failed start tells another one the same way.

    ``mark(id, "on")``, the start, and in its ``except`` ``mark(id, "broken")``.
    """
    function = function_of(use.site)
    attempt = next((around for around in ancestors(use.site) if isinstance(around, Try) and around.handlers), None)
    if function is None or attempt is None:
        return None
    back = {_call_text(module, one) for handler in attempt.handlers for one in calls_in(handler.body)}
    for node in before(use.site):
        if not isinstance(node, Call) or function_of(node) is not function or not _says_active(node.args):
            continue
        again = [one for one in calls_in(function.body) if _call_text(module, one) == _call_text(module, node)]
        later = any(_says_active(one.args) and one.start > use.site.start for one in again)
        if _call_text(module, node) in back and not later and isinstance(definition(module, node.callee), Function):
            return node
    return None


def _call_text(module: Module, call: Call) -> str:
    """Return what is called and of whom it speaks, without what it says."""
    given = ",".join(
        module.text_of(arg) for arg in takewhile(lambda arg: isinstance(strip(arg), Name | Member), call.args)
    )
    return f"{short(module.text_of(call.callee))}({given}"


def _says_active(args: list[Expr]) -> bool:
    return any(isinstance(strip(arg), Literal) and state_of(arg) == "active" for arg in args)
