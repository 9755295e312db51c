"""LIF447: a signal to stop is looked at, or raced with, and the plugin that does the work is not given it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Await,
    Call,
    For,
    Function,
    Literal,
    Member,
    Name,
    Param,
    Return,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.plugin_work import plugin_work
from reviewer.experts.lifecycle.hooks.hooks import kind_of_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_LOOKS: Final = frozenset(
    "aborted throwIfAborted throw_if_aborted reason addEventListener removeEventListener onabort is_set isSet wait "
    "cancelled canceled isCancelled is_cancelled isCanceled isCancellationRequested onCancellationRequested "
    "throwIfCancellationRequested throwIfCancelled raise_if_cancelled raise_if_set check requested".split()
)
"""Members by which somebody asks a signal, or hears it."""
_SURE: Final = frozenset(
    "aborted throwIfAborted isCancellationRequested onCancellationRequested throwIfCancellationRequested "
    "throwIfCancelled raise_if_cancelled is_cancelled isCancelled".split()
)
"""Those that only a signal to stop has."""
_MEANS: Final = frozenset("cancel cancelled canceled cancellation abort aborted stop stopping quit halt signal".split())
_DEEPEST: Final = 2


@module_check("LIF447", words=frozenset("aborted abort cancellation cancelled cancel stop signal".split()))
def signal_only_looked_at(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that asks a signal which it was handed for the calls of plugins that don't get it."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or not function.params:
            continue
        for said in _signals(function):
            uses = _uses(module, function, said)
            if not uses or not all(_only_looks(module, use, 0) for use in uses):
                continue
            works = ((call, sure) for call, sure in _works(module, function) if _follows(call, uses))
            at, sure = next(works, (None, Confidence.POSSIBLE))
            if at is not None:
                yield Match(
                    at,
                    f"'{said}' is asked here, and '{short(module.text_of(at.callee))}' is not given it: "
                    "once that runs, nobody can stop it.",
                    related=((uses[0], "asked here"),),
                    confidence=Confidence.POSSIBLE if _asked_each_time(at, uses) else sure,
                    fix="Hand the signal on to the plugin's call, and let that end its work when it is raised.",
                )
                break


def _signals(function: Function) -> list[str]:
    """Return what a function calls the signals that it is handed: parameters, parts of them, their members."""
    found: list[str] = []
    for param in function.params:
        if param.name and param.name != "this":
            found.append(param.name)
            found += [f"{param.name}.{part}" for part in ("signal", "token", "cancel", "cancellation")]
        found += param.fields.values()
    return found


def _uses(module: Module, function: Function, said: str) -> list[Expr]:
    """Return where a signal is used, if that is what a name stands for; nothing where it is handed on as a part."""
    base, _dot, part = said.partition(".")
    names = [name for name in find(function.body, Name) if name.id == base]
    uses: list[Expr] = []
    for name in names:
        around = name.parent
        if part and isinstance(around, Member) and around.object is name:
            if around.name == part:
                uses.append(around)
        elif part:
            return []  # the whole is handed on, and the signal with it
        else:
            uses.append(name)
    asked = {use.parent.name for use in uses if isinstance(use.parent, Member) and use.parent.object is use}
    heard = any(_hears_abort(use) for use in uses)
    means = bool(_MEANS & set(words(said)))
    return uses if asked & _SURE or heard or (means and asked & _LOOKS) else []


def _hears_abort(use: Expr) -> bool:
    member = use.parent
    call = member.parent if isinstance(member, Member) and member.name == "addEventListener" else None
    first = strip(call.args[0]) if isinstance(call, Call) and call.args else None
    return isinstance(first, Literal) and first.value == "abort"


def _only_looks(module: Module, use: Expr, depth: int) -> bool:
    """Tell whether a use of a signal asks it or hears it, or hands it to a function that only does."""
    around = use.parent
    if isinstance(around, Member) and around.object is use:
        return around.name in _LOOKS and not _is_passed_on(module, around)
    if not isinstance(around, Call) or use is around.callee or depth >= _DEEPEST:
        return use_of(use).how == "tested"
    target = definition(module, around.callee)
    place = next((at for at, arg in enumerate(around.args) if arg is use), -1)
    if not isinstance(target, Function) or not 0 <= place < len(target.params):
        return False
    taken = target.params[place].name
    inner = [name for name in find(target.body, Name) if name.id == taken] if taken else []
    return bool(inner) and all(_only_looks(target.module, name, depth + 1) for name in inner)


def _is_passed_on(module: Module, heard: Member) -> bool:
    """Tell whether who hears a signal does more than to end the waiting: ``() => { own.abort(); reject(); }``."""
    call = heard.parent
    if heard.name not in ("addEventListener", "onabort", "onCancellationRequested") or call is None:
        return False
    hears = [strip(arg) for arg in (call.args if isinstance(call, Call) else [getattr(call, "value", None)]) if arg]
    for hearer in hears:
        made = definition(module, hearer) if isinstance(hearer, Name | Member) else hearer
        if isinstance(made, Member):
            return True
        for inner in calls_in(made.body) if isinstance(made, Function) else ():
            bound = module.scopes.lookup(inner.callee.id, inner) if isinstance(inner.callee, Name) else []
            rejects = bool(bound) and isinstance(bound[0], Param)
            if not rejects and inner.name not in ("clearTimeout", "removeEventListener", "Error", "String"):
                return True
    return False


def _is_given(call: Call) -> bool:
    """Tell whether a call is handed something that is called a signal."""
    given = [*call.args, *call.keywords.values()]
    named = {word for one in find(given, Name) for word in words(one.id)}
    named |= {word for one in find(given, Member) for word in words(one.name)}
    named |= {word for key in call.keywords for word in words(key)}
    return bool(named & (_MEANS | {"token", "controller", "deadline", "timeout"}))


def _works(module: Module, function: Function) -> Iterator[tuple[Call, Confidence]]:
    """Yield the calls of a function that have a plugin do something that takes time, with how sure that is."""
    for call in calls_in(function.body):
        callee = strip(call.callee)
        if not isinstance(callee, Member | Name) or call.new or kind_of_name(call.name) is not None:
            continue
        if _is_given(call) or not _waits(call):
            continue
        sure = plugin_work(module, callee)
        if sure is not None and (function_of(call) is function or _runs_here(call, function)):
            yield call, sure


def _runs_here(call: Call, function: Function) -> bool:
    """Tell whether a call stands in a short function that another call in the same function makes at once."""
    inner = function_of(call)
    return inner is not None and inner.outer is function and inner.kind == "arrow" and isinstance(inner.parent, Call)


def _waits(call: Call) -> bool:
    """Tell whether what a call gives is waited for, or answered: it takes time."""
    for around in ancestors(call):
        if isinstance(around, Await | Return):
            return True
        if isinstance(around, Function):
            return False
    return False


def _follows(call: Call, uses: list[Expr]) -> bool:
    """Tell whether a signal was asked before a call, or is heard while that runs."""
    return any(use.start < call.start or _hears_abort(use) for use in uses)


def _asked_each_time(call: Call, uses: list[Expr]) -> bool:
    """Tell whether a signal is asked again before each of many calls, so that only the one at hand goes on."""
    loops: list[Node] = [around for around in ancestors(call) if isinstance(around, For | While)]
    return any(loop.start <= use.start < loop.stop for loop in loops for use in uses)
