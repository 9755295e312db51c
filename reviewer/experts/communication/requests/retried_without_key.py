"""COM100: a request that does something is sent again without a sign by which the other side knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Array, Call, Expr, For, Function, If, Literal, Name, Node, Object, While, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.requests.retry_at_once import gives_up
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Statement
    from reviewer.experts.check import Inquiry

_KEYS: Final = frozenset(
    "idempotency idempotent idempotence dedupe dedup deduplication nonce clienttoken requestid txid uuid uuid4 ulid "
    "nanoid".split()
)
"""Words of code that lets the other side tell a repeat from a new request."""
_SECRET: Final = frozenset("api public private secret access auth authorization token app".split())
"""Words of keys that say who asks."""
_CLIENTS: Final = frozenset(
    "http https axios got ky fetch client network net api rest superagent requests httpx session aiohttp ofetch".split()
)
_SENDS: Final = frozenset({"fetch", "request", "urlopen"})
_METHODS: Final = frozenset({"post", "patch"})
_RETRIES: Final = frozenset("retry retries retrying retrier backoff attempts attempt again persist tenacity".split())
_PAUSES: Final = frozenset("pause delay wait backoff seconds".split())
_DEEPEST: Final = 3
_MOST_CALLS: Final = 20


@module_check("COM100", words={"post", "patch", "method"})
def retried_without_key(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each request that changes something for a way on which it is sent again."""
    if module.is_test or module.words & _KEYS:
        return
    told: set[int] = set()
    for call in module.calls(_SENDS | _METHODS):
        if not _changes(module, call) or carries_key(module, call):
            continue
        again = _sent_again(module, call, 0)
        if again is not None and id(again) not in told:
            told.add(id(again))
            yield Match(
                again,
                f"'{short(module.text_of(call.callee))}' sends a request that does something, and what fails is sent "
                "again: when only the answer was lost, it is done twice, and nothing lets the other side know.",
                related=((call, "sent here"),),
            )


def carries_key(module: Module, call: Call, first: int = 1) -> bool:
    """Tell whether what is sent has a key by which the other side knows it again: ``{ to, text, key: order.id }``.

    ``first`` says how deep in what is handed over that may stand: what a client of HTTP is given itself are options.
    """
    given = [*call.args, *call.keywords.values()]
    for depth in range(_DEEPEST):
        records = [made for one in given if isinstance(made := module.scopes.origin(one), Object | Call)]
        for record in records:
            for name in record.keys if isinstance(record, Object) and depth >= first else ():
                said = words(name)
                if "key" in said[-1:] and not set(said) & _SECRET:
                    return True
        inner: list[Expr] = []
        for record in records:
            inner += [value for _key, value in record.entries if value] if isinstance(record, Object) else record.args
        given = inner
    return False


def _changes(module: Module, call: Call) -> bool:
    """Tell whether a call sends a request that does something at the other side."""
    if call.name in _METHODS:
        return bool(path_words(call.receiver) & _CLIENTS)
    options = next((given for arg in (*call.args[1:], *call.args[:1]) if (given := _options(module, arg))), None)
    method = options.get("method") if options is not None else call.keywords.get("method")
    if method is None:
        return False
    method = strip(method)
    if isinstance(method, Literal):
        return str(method.value).lower() in _METHODS
    function = function_of(call)
    return isinstance(method, Name) and function is not None and _method_of_callers(module, function, method.id, 0)


def _options(module: Module, arg: Expr) -> Object | None:
    made = module.scopes.origin(arg)
    return made if isinstance(made, Object) else None


def _method_of_callers(module: Module, function: Function, name: str, depth: int) -> bool:
    """Tell whether somebody calls a function with the method of a request that does something."""
    position = next((at for at, param in enumerate(function.params) if param.name == name), None)
    if position is None or not function.name or depth > _DEEPEST:
        return False
    for call in list(module.calls((function.name,)))[:_MOST_CALLS]:
        given = call.arg(position, name)
        if isinstance(given, Literal) and str(given.value).lower() in _METHODS:
            return True
        around = function_of(call)
        if not isinstance(given, Name) or around is None or around is function:
            continue
        if _method_of_callers(module, around, given.id, depth + 1):
            return True
    return False


def _sent_again(module: Module, call: Call, depth: int) -> Call | None:
    """Return the call that a loop, or a helper for that, makes again when it fails."""
    if _in_retry(call) or handed_to_retry(call):
        return call
    function = function_of(call)
    if function is None or not function.name or depth >= _DEEPEST:
        return None
    for other in list(module.calls((function.name,)))[:_MOST_CALLS]:
        if not inside(other, function) and definition(module, other.callee) is function:
            found = _sent_again(module, other, depth + 1)
            if found is not None:
                return found
    return None


def _in_retry(call: Call) -> bool:
    """Tell whether a loop goes on with the same call after its failure."""
    loop, guard = enclosing_loop(call), guarding_try(call)
    if loop is None or guard is None or not inside(guard, loop) or not guard.handlers:
        return False
    if isinstance(loop, For) and loop.style == "of" and not counts(loop):
        return False  # another thing each time
    return not any(gives_up(handler) and not sometimes(handler.body) for handler in guard.handlers)


def counts(loop: For) -> bool:
    """Tell whether a loop over something only counts: ``for _ in range(3)``."""
    iterable = strip(loop.iterable) if loop.iterable is not None else None
    said = set(words(loop.target.id)) if isinstance(loop.target, Name) else set()
    pauses = isinstance(iterable, Array) and all(
        isinstance(item, Literal) and isinstance(item.value, int | float) for item in iterable.items
    )
    return pauses or (isinstance(iterable, Call) and iterable.name == "range") or bool(said & (_RETRIES | _PAUSES))


def sometimes(body: Sequence[Statement]) -> bool:
    """Tell whether a handler gives up for some failures alone."""
    return any(isinstance(statement, If) for statement in body)


def handed_to_retry(call: Node) -> bool:
    """Tell whether a call stands in a function that a helper runs again and again: ``withRetry(() => post(…))``."""
    for around in ancestors(call):
        if isinstance(around, Function):
            taker = around.parent
            return isinstance(taker, Call) and bool(set(words(taker.name)) & _RETRIES)
        if isinstance(around, For | While):
            return False
    return False
