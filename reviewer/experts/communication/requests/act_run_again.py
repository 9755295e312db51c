"""COM100: what does something at somebody else's is asked for again once its time is over, and nobody can tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, exits, guarding_try, siblings
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr, For, Function, If, Name, Object, Try, With
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, behind, calls_in, find, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.communication.requests.retried_without_key import carries_key, counts, handed_to_retry, sometimes
from reviewer.experts.communication.requests.retry_at_once import gives_up
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_DOES: Final = frozenset(
    "book charge pay payout transfer order create place buy purchase reserve debit credit withdraw deposit refund "
    "ship dispatch print issue grant award invoice bill settle redeem consume submit append increment".split()
)
"""What is done twice where it is asked for twice."""
_DOES_BY_NAME: Final = _DOES | frozenset(
    "send post publish notify mail email sms announce enqueue push add insert dose feed pour water dispense flash "
    "blink ring beep fire trigger dial move turn step play draw".split()
)
"""The same among the commands that are run by their name, where ``send`` is no way to ask for something."""
_MONEY: Final = frozenset(
    "book charge pay payout transfer order purchase debit credit withdraw deposit refund redeem".split()
)
_ANY: Final = frozenset({"Exception", "BaseException"})
_RUNS: Final = frozenset({"execute", "invoke", "call", "request", "run", "ask", "send"})
_LIMITS: Final = frozenset(
    "race wait_for timeout within withtimeout with_timeout limited deadline timeout_at fail_after".split()
)
_KEYS: Final = frozenset("idempotency idempotent dedupe dedup deduplication nonce uuid uuid4 ulid nanoid".split())


@module_check("COM100", words=_DOES_BY_NAME)
def act_run_again(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call that does something within a limit for a way on which it is made again."""
    if module.is_test or _knows_keys(module):
        return
    for call in module.all(Call):
        if call.receiver is None or not _does(module, call):
            continue
        known = definition(module, call.callee)
        if isinstance(known, Function) and not known.signature_only:
            continue
        guard = guarding_try(call)
        if guard is None and handed_to_retry(call) and _has_limit(module, call) and not carries_key(module, call, 0):
            yield _match(module, call)
        if guard is None or carries_key(module, call, 0):
            continue
        if not _is_limited(module, call, guard) and not (_moves_money(module, call) and _takes_any(guard)):
            continue
        if _in_loop(call, guard) or _calls_itself(module, call, guard):
            yield _match(module, call)


def _knows_keys(module: Module) -> bool:
    """Tell whether a file speaks of keys by which a repeat is known, and does not only import what could make one."""
    if not module.words & _KEYS:
        return False
    imported = {word for one in module.imports for word in words(f"{one.source} {one.name}")} & _KEYS
    if not imported:
        return True
    said = {word for name in module.all(Name) for word in words(name.id)}
    return bool((said | module.words - imported) & _KEYS)


def _match(module: Module, call: Call) -> Match:
    return Match(
        call,
        f"'{short(module.text_of(call.callee))}' does something, and is asked again when no answer came in time: that "
        "there was none is no sign that nothing was done, and no key lets it know.",
    )


def _does(module: Module, call: Call) -> bool:
    """Tell whether a call, by its name or by that of the command that it runs, does something at the other side."""
    said = words(call.name)
    if "task" in said:
        return False  # one of this program
    if said and said[0] in _RUNS and call.args:
        named = words(fixed_text(module, call.args[0]))
        return bool(named) and not _DOES_BY_NAME.isdisjoint(named[-2:])
    return bool(said) and said[0] in _DOES


def _moves_money(module: Module, call: Call) -> bool:
    """Tell whether a command is run by name that pays or books: its host may have given up on it, and it goes on."""
    said = words(call.name)
    named = words(fixed_text(module, call.args[0])) if said and said[0] in _RUNS and call.args else ()
    return not _MONEY.isdisjoint(named[-1:])


def _takes_any(guard: Try) -> bool:
    """Tell whether each failure leads to the next attempt, whatever it is."""
    for handler in guard.handlers:
        if handler.types and not any(getattr(kind, "id", "") in _ANY for kind in handler.types):
            return False
        if handler.name and any(handler.name in names_in(one.test) for one in find(handler.body, If)):
            return False
    return bool(guard.handlers)


def _is_limited(module: Module, call: Call, guard: Try) -> bool:
    """Tell whether a call is waited for only so long, and the end of that time is caught."""
    for around in ancestors(call):
        if around is guard:
            break
        if isinstance(around, Call) and "".join(words(around.name)) in _LIMITS | {"waitfor", "timeoutat", "failafter"}:
            return True
        if isinstance(around, With) and any(_speaks_of_time(module, given) for given, _target in around.items):
            return True
    return _has_limit(module, call) or any(
        "timeout" in words(module.text_of(kind)) for handler in guard.handlers for kind in handler.types
    )


def _has_limit(module: Module, call: Call) -> bool:
    """Tell whether a call is told how long it may take."""
    if any("timeout" in words(key) for key in call.keywords):
        return True
    return any(
        (isinstance(given, Object) and any({"timeout", "signal"} & set(words(key)) for key in given.keys))
        or _speaks_of_time(module, given)
        for given in call.args
    )


def _speaks_of_time(module: Module, given: Expr) -> bool:
    return isinstance(given, Call) and bool({"timeout", "deadline"} & set(words(module.text_of(given.callee))))


def _in_loop(call: Call, guard: Try) -> bool:
    """Tell whether a loop goes on with the same call once its time is over."""
    loop = enclosing_loop(call)
    if loop is None or not inside(guard, loop):
        return False
    if isinstance(loop, For) and loop.style == "of" and not counts(loop):
        return False
    return not any(gives_up(handler) and not sometimes(handler.body) for handler in guard.handlers)


def _calls_itself(module: Module, call: Call, guard: Try) -> bool:
    """Tell whether what follows the failure is the function itself once more, in the handler or behind it."""
    function = function_of(call)
    if function is None:
        return False
    again = [one for handler in guard.handlers for one in calls_in(handler.body)]
    if exits(guard.body) and not all(exits(handler.body) for handler in guard.handlers):
        again += [one for part in siblings(guard) if behind(part, guard) for one in calls_in(part)]
    return any(definition(module, one.callee) is function for one in again)
