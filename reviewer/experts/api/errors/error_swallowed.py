"""API024: an error of any kind is caught and forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, siblings, use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    For,
    Function,
    Handler,
    Import,
    Jump,
    Literal,
    Name,
    Object,
    Return,
    Throw,
    Try,
    While,
    With,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.api.awaiting import first_of_chain
from reviewer.experts.api.vocabulary import spelled
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.hooks.hooks import hook_uses
from reviewer.experts.security.deciding.decisions import is_check, is_decision
from reviewer.experts.silent_handlers import EVERYTHING, catches_all, explains, goes_on, says_why
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node, Statement
    from reviewer.experts.check import Inquiry

_HARMLESS: Final = frozenset(
    (
        "close aclose destroy kill unlink rm rmdir remove delete dispose abort cancel terminate stop disconnect end "
        "shutdown "
        "cleanup release detach unwatch unref off clear exit revoke free drop unsubscribe rollback teardown "
        "unregister deactivate stat access exists require resolve import parse loads load lstat realpath getattr "
        "decode test match probe log info warn warning error debug print flush focus scroll isatty measure mark "
        "beep lookup find detect url set_title closed eof json form text history"
    ).split()
)
"""What may fail without harm: cleaning up, probing, telling."""
_DOES: Final = frozenset(
    (
        "save write set put send post emit publish execute run invoke update insert commit store sync notify dispatch "
        "fetch request load start process handle open register upload submit migrate restore render configure install "
        "enable activate deliver enqueue create refresh export"
    ).split()
)
"""What somebody relies on."""
_FIRM: Final = frozenset(
    (
        "save write set put send post emit publish update insert commit store sync notify dispatch submit upload "
        "deliver"
    ).split()
)
"""What nobody tries only to see whether it works."""
_PUTS: Final = frozenset({"set", "put", "add", "update", "insert"})
_SCREENS: Final = frozenset({"stdout", "stderr", "terminal", "term", "tty", "console", "out", "err", "document"})
_OF_MANY: Final = frozenset({"all", "allSettled", "any", "race"})
_FORGOTTEN: Final = "Whatever goes wrong in '{}' is caught here and forgotten: nobody learns that it did not happen."
_LOGS: Final = frozenset({"log", "debug", "trace", "logging"})
"""Words of a function that writes a log, which has nowhere else to tell that it failed."""


@module_check("API024", words={"try", "catch", "except", "suppress"} | _DOES)
def error_swallowed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for handlers that catch everything and do nothing."""
    if module.is_test or is_tooling(module):
        return
    hooks = {id(use.call) for use in hook_uses(inquiry, module)}
    for node in module.all(Try):
        handler = next((one for one in node.handlers if catches_all(module, one)), None)
        if handler is None or not all(map(goes_on, handler.body)):
            continue
        if _explained(module, node, handler) or _tries_the_next(node):
            continue
        if _on_the_way_out(module, node) or any(isinstance(one, Throw) for one in node.orelse):
            continue  # the error is what is looked for: ``else: raise AssertionError``
        work = _work(node, node.body, hooks, module)
        if work:
            firm = module.language == "python" or words(work)[0] in _FIRM or _sends(node)
            yield Match(
                handler,
                _FORGOTTEN.format(work),
                confidence=None if firm else Confidence.POSSIBLE,
            )
    if module.language == "python":
        yield from _suppressed(module, hooks)
    else:
        yield from _catch_calls(module, hooks)


def _tries_the_next(node: Try) -> bool:
    """Tell whether the first of several that works ends a loop: that another did not is no failure."""
    in_loop = any(isinstance(around, For | While) for around in ancestors(node))
    ends = (one for one in find(node.body, Jump, into_functions=False) if one.kind == "break")
    return in_loop and (
        next(ends, None) is not None or next(find(node.body, Return, into_functions=False), None) is not None
    )


def _on_the_way_out(module: Module, node: Try) -> bool:
    """Tell whether what stands behind an attempt throws in any case: the first error is the one to be told."""
    beside = siblings(node, module)
    later = beside[beside.index(node) + 1 :] if node in beside else []
    return any(isinstance(one, Throw) for one in later)


def _sends(node: Try) -> bool:
    """Tell whether something is sent to a server: ``fetch(url, { method: "POST", body })``."""
    return any(
        isinstance(given := strip(one), Object) and ("body" in given.keys or _changes(given.get("method")))
        for call in calls_in(node.body, into_functions=False)
        if call.name in ("fetch", "request")
        for one in call.args[1:]
    )


def _changes(method: Expr | None) -> bool:
    return isinstance(method, Literal) and str(method.value).upper() not in ("GET", "HEAD", "OPTIONS")


def _suppressed(module: Module, hooks: set[int]) -> Iterator[Match]:
    """Find ``with suppress(Exception):`` around work that matters."""
    for call in module.calls(("suppress",)):
        around = call.parent
        if not isinstance(around, With) or not any(spelled(kind) in EVERYTHING for kind in call.args):
            continue
        if explains(module.text_of(around)):
            continue
        work = _work(around, around.body, hooks, module)
        if work:
            yield Match(call, _FORGOTTEN.format(work))


def _catch_calls(module: Module, hooks: set[int]) -> Iterator[Match]:
    """Find ``work().catch(() => {})``."""
    for call in module.calls(("catch",)):
        handler, receiver = call.arg(0), call.receiver
        work = first_of_chain(receiver)
        if not isinstance(handler, Function) or handler.body or work is None or id(work) in hooks:
            continue
        name = _first(module, [work, *(calls_in(work.args) if work.name in _OF_MANY else ())])
        if not name or explains(module.text_of(handler)):
            continue
        yield Match(
            handler,
            _FORGOTTEN.format(name),
            confidence=Confidence.POSSIBLE,
        )


def _explained(module: Module, attempt: Try, handler: Handler) -> bool:
    """Tell whether a comment in or behind the handler says why nothing is done, or one above both does."""
    return "best" in _said_above(module, attempt) or says_why(module, handler)


def _said_above(module: Module, attempt: Try) -> set[str]:
    """Return the words of the comment that stands right above an attempt."""
    above: set[str] = set()
    for line in reversed(module.source[: attempt.raw.start_byte].decode("utf-8", "replace").split("\n")[:-1]):
        text = line.strip()
        if not text.startswith(("#", "//")):
            break
        above |= set(words(text.lstrip("#/ ")))
    return above


def _work(node: Node, body: list[Statement], hooks: set[int], module: Module) -> str:
    """Return the name of what is tried and matters, or an empty string."""
    function = function_of(node)
    if function is not None and (is_decision(function) or _writes_log(function)):
        return ""
    calls = list(calls_in(body, into_functions=False))
    if any(id(call) in hooks or is_check(module, call) for call in calls):
        return ""
    if any(isinstance(one, Import) for one in body) or len(calls) > 12:
        return "" if not any(_matters(module, call) for call in calls) else _first(module, calls)
    return _first(module, calls)


def _writes_log(function: Function) -> bool:
    said = words(function.name)
    return bool(said) and (said[-1] in _LOGS or (said[0] in _LOGS and said[1:2] not in (("in",), ("out",), ("off",))))


def _first(module: Module, calls: list[Call]) -> str:
    return next((spelled(call.callee) for call in calls if _matters(module, call)), "")


def _matters(module: Module, call: Call) -> bool:
    parts = words(call.name)
    if not parts or call.new or parts[0] in _HARMLESS or parts[-1] in _HARMLESS:
        return False
    receiver = spelled(call.receiver).lower() if call.receiver is not None else ""
    if receiver in ("console", "logger", "log", "logging", "json", "localstorage", "sessionstorage") or (
        parts == ("write",) and receiver in _SCREENS
    ):
        return False
    if parts == ("sync",) and use_of(call).how != "dropped":
        return False  # ``spawn.sync("git", …).stdout``: something is asked
    if parts == ("open",) and call.receiver is None and not _opens_to_write(call):
        return False
    if _may_be_missing(module, call):
        return False
    if parts[0] in _PUTS and call.receiver is not None and _is_own_table(module, call.receiver):
        return False
    awaited = isinstance(call.parent, Await)
    return parts[0] in _DOES or (awaited and (parts[0] not in ("get", "read", "is", "has") or _polls(module, call)))


def _may_be_missing(module: Module, call: Call) -> bool:
    """Tell whether what is called was only asked for, and need not be there: ``getattr(span, "set_status", None)``."""
    made = module.scopes.origin(call.callee) if isinstance(strip(call.callee), Name) else None
    return isinstance(made, Call) and made.name == "getattr" and len(made.args) > 2


def _opens_to_write(call: Call) -> bool:
    """Tell whether a file is opened to put something into it: ``open(path, "w")``."""
    mode = call.arg(1, "mode")
    said = strip(mode) if mode is not None else None
    return said is not None and not (isinstance(said, Literal) and str(said.value).strip("bt") == "r")


def _is_own_table(module: Module, holder: Expr) -> bool:
    """Tell whether what something is put into was made in memory by the function itself: ``new Map()``, ``{}``."""
    holder = strip(holder)
    bound = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) else []
    made = strip(bound[0].value) if len(bound) == 1 and isinstance(bound[0], Assign) and bound[0].value else None
    if isinstance(made, Call):
        return made.name in ("Map", "Set", "WeakMap", "WeakSet", "dict", "set", "list", "defaultdict", "OrderedDict")
    return isinstance(made, Array | Object)


def _polls(module: Module, call: Call) -> bool:
    """Tell whether a loop asks something of the subject's own again and again: a failure goes on unseen for ever."""
    loop = enclosing_loop(call)
    while isinstance(loop, For):
        loop = enclosing_loop(loop)  # one after the other, and then all of them again
    return loop is not None and isinstance(definition(module, call.callee), Function)
