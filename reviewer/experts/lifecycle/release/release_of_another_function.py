"""LIF006: a listener is taken off with another function than the one that was put on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, Function, Literal, Member, Name, Object, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, function_of, inside
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.wrapping import is_given, makes_anew, wraps
from reviewer.experts.lifecycle.values import last_word

if TYPE_CHECKING:
    from reviewer.code.module import Module

_PAIRS: Final = {
    "off": ("on", "addListener", "once", "one"),
    "removeListener": ("on", "addListener", "once", "prependListener"),
    "removeEventListener": ("addEventListener",),
    "remove_listener": ("on", "add_listener", "subscribe"),
    "remove_event_listener": ("add_event_listener",),
    "removeHandler": ("addHandler",),
    "remove_handler": ("add_handler",),
    "unsubscribe": ("subscribe", "on", "listen", "follow", "observe"),
    "unfollow": ("follow",),
    "unlisten": ("listen", "on"),
    "unobserve": ("observe",),
    "removeObserver": ("addObserver",),
    "remove_observer": ("add_observer",),
    "detach": ("attach", "subscribe", "on"),
}


@module_check("LIF006", words={word for name in _PAIRS for word in words(name)[:1]})
def release_of_another_function(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a removal that can take nothing off: a fresh function, a fresh ``bind``, another ``capture``."""
    if module.is_test:
        return
    for call in module.calls(_PAIRS):
        if not call.args or call.receiver is None:
            continue
        reason = _never_matches(module, call)
        if reason:
            yield Match(call, f"'{module.text_of(call.callee)}' takes nothing off: {reason}.")


def _never_matches(module: Module, call: Call) -> str:
    added = _added(module, call)
    given = _handler(call)
    if not added or _is_way_back(call) or _put_on_by_shorthand(module, call, given):
        return ""
    if isinstance(given, Function) and (given.name == "" or given.parent is call):
        return "the function is made anew here and is not the one that was put on"
    if isinstance(given, Call) and given.name in ("bind", "partial"):
        return f"every {given.name}() makes a new function, which is not the one that was put on"
    if isinstance(given, Call) and makes_anew(module, given) and not any(_keeps(add) for add in added):
        return f"every {given.name}() gives a new function, which is not the one that was put on"
    if isinstance(given, Name | Member) and (
        (all(_is_another(add, given) for add in added) and not _put_on_in_a_chain(module, call))
        or (all(_other_by_name(module, add, given) for add in added) and not _put_on_somewhere(module, call))
        or (is_given(module, given) and all(_is_wrapper(module, add, given) for add in added))
        or (all(_is_bare(module, add, given, call) for add in added) and not _put_on_somewhere(module, call))
    ):
        return f"what was put on at line {added[0].line} is another function than '{module.text_of(given)}'"
    during = all(_capture(module, add, unseen=False) for add in added)
    if call.name == "removeEventListener" and during and not _capture(module, call, unseen=True):
        return f"the listener was put on with 'capture' at line {added[0].line}, and is taken off without it"
    return ""


def _is_way_back(call: Call) -> bool:
    """Tell whether a removal is what putting on gives back in an object's own method: ``return () => this.off(…)``."""
    function = function_of(call)
    while function is not None and function.outer is not None:
        function = function.outer
    own = call.receiver is not None and isinstance(held := strip(call.receiver), Name) and held.id == "this"
    return own and function is not None and function.name in _PAIRS[call.name]


def _put_on_by_shorthand(module: Module, call: Call, given: Expr | None) -> bool:
    """Tell whether the function was put on by the member that is called as the event is: ``$win.resize(scale)``."""
    event = strip(call.args[0])
    name = str(event.value).partition(".")[0] if isinstance(event, Literal) else ""
    text = module.text_of(given) if given is not None else ""
    return bool(name) and any(
        len(one.args) == 1 and one.receiver is not None and module.text_of(one.args[0]) == text
        for one in module.calls((name,))
    )


def _is_another(add: Call, given: Name | Member) -> bool:
    """Tell whether a call put on a function that the removal can't name: not one that takes itself off by its name."""
    put = _handler(add)
    itself = isinstance(put, Function) and isinstance(given, Name) and put.name == given.id
    return _fresh(put) and not itself and not _keeps(add)


def _other_by_name(module: Module, add: Call, given: Name | Member) -> bool:
    """Tell whether a call put on another function than the named one, each written down once and never exchanged."""
    if _is_another(add, given):
        return True
    put = _handler(add)
    known = _identity(module, given)
    other = _identity(module, put) if isinstance(put, Name | Member) else None
    return known is not None and other is not None and known is not other and not _keeps(add)


def _is_wrapper(module: Module, add: Call, given: Expr) -> bool:
    """Tell whether a call put on a function made around what the removal is handed."""
    return isinstance(given, Name) and wraps(module, _handler(add), given) and not _keeps(add)


def _is_bare(module: Module, add: Call, given: Expr, removal: Call) -> bool:
    """Tell whether a call put on what the function around was handed, and the removal names one made there of it."""
    put = _handler(add)
    bound = module.scopes.lookup(put.id, put) if isinstance(put, Name) else []
    only = bound[0] if len(bound) == 1 else None
    maker = only.parent if isinstance(only, Param) else None
    made = _identity(module, given) if isinstance(given, Name) else None
    if made is None or not isinstance(maker, Function) or _keeps(add):
        return False
    return inside(made, maker) and inside(removal, maker) and inside(add, maker)


def _put_on_somewhere(module: Module, call: Call) -> bool:
    """Tell whether what is taken off is put on at something of another name, which may be the same thing."""
    text = module.text_of(_handler(call))
    return any(
        other.args and _event(module, other) == _event(module, call) and module.text_of(_handler(other)) == text
        for other in module.calls(_PAIRS[call.name])
    )


def _put_on_in_a_chain(module: Module, call: Call) -> bool:
    """Tell whether what is taken off was put on where the thing was made: ``open(file).once("error", done)``."""
    text = module.text_of(_handler(call))
    return any(
        len(other.args) > 1
        and isinstance(strip(other.receiver) if other.receiver is not None else None, Call)
        and _event(module, other) == _event(module, call)
        and module.text_of(_handler(other)) == text
        for other in module.calls(_PAIRS[call.name])
    )


def _identity(module: Module, expr: Expr) -> Expr | None:
    """Return the function, or the call that makes one, that a name holds; None where that can't be said."""
    expr = strip(expr)
    cls = class_of(expr) if is_this_member(expr) else None
    if is_this_member(expr) and cls is not None and not module.scopes.field_values(cls, expr.name):
        return cls.method(expr.name)
    made = module.scopes.origin(expr)
    if isinstance(made, Call):  # ``debounce(read)``: another function than the one it wraps
        return made if any(isinstance(module.scopes.origin(one), Function) for one in made.args) else None
    return made if isinstance(made, Function) else None


def _handler(call: Call) -> Expr:
    """Return the listener that a call puts on or takes off: after the event, or alone where a thing tells only one."""
    return strip(call.args[1] if len(call.args) > 1 else call.args[0])


def _keeps(add: Call) -> bool:
    """Tell whether what putting on gave is kept: it may be what the removal asks for."""
    return use_of(add).how not in ("dropped", "receiver")


def _added(module: Module, call: Call) -> list[Call]:
    """Return the calls that put a listener on for the same event at the same kind of thing."""
    event = _event(module, call)
    receiver = last_word(call.receiver) if call.receiver is not None else ""
    found = []
    for other in module.calls(_PAIRS[call.name]):
        if not other.args or other.receiver is None or last_word(other.receiver) != receiver:
            continue
        if _event(module, other) == event and class_of(other) is class_of(call) and _may_put_on(module, other):
            found.append(other)
    return found


def _may_put_on(module: Module, add: Call) -> bool:
    """Tell whether what stands in the listener's place may be one: no text, as in ``attach(tab, "1.3", done)``."""
    given = _handler(add)
    made = module.scopes.origin(given) if isinstance(given, Name | Member) else given
    return not isinstance(made, Literal)


def _event(module: Module, call: Call) -> str:
    if len(call.args) == 1:
        return ""
    expr = strip(call.args[0])
    return str(expr.value) if isinstance(expr, Literal) else module.text_of(expr)


def _fresh(expr: Expr) -> bool:
    """Tell whether an argument is a function that exists nowhere else."""
    return (isinstance(expr, Function) and function_of(expr) is not None) or (
        isinstance(expr, Call) and expr.name in ("bind", "partial")
    )


def _capture(module: Module, call: Call, *, unseen: bool) -> bool:
    """Tell whether a call asks for the capturing phase; ``unseen`` where its options can't be seen."""
    option = call.arg(2)
    if option is None:
        return False
    made = module.scopes.origin(option)
    if isinstance(made, Literal):
        return made.value is True
    if isinstance(made, Object):
        value = made.get("capture")
        return isinstance(value, Literal) and value.value is True
    return unseen
