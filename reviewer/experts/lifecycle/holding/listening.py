"""Calls that subscribe to something of the host or register something with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from reviewer.code.contexts import is_stopper
from reviewer.code.reach.links import declared_member
from reviewer.code.syntax import Assign, Call, Expr, Field, Imported, Member, Name, Object, Param, strip
from reviewer.code.syntax import Literal as Constant
from reviewer.code.text.ideas import LISTENS, REGISTERING
from reviewer.code.text.words import words
from reviewer.experts.lifecycle.holding.fate import callbacks
from reviewer.experts.lifecycle.values import last_word, value_class
from reviewer.experts.lifecycle.vocabulary import has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module


OFFS: Final = frozenset(
    (
        "off unfollow removeObserver remove_observer "
        "removeListener removeEventListener removeAllListeners unsubscribe unlisten stopListening remove_listener "
        "remove_event_listener unobserve removeHandler remove_handler detach release releaseAll release_all "
        "unsubscribe_all unsubscribeAll offAll un dispose disposeAll disconnect remove_all_listeners "
        "remove_subscriber remove clear unregister unregisterAll unregister_all deregister withdraw revoke close "
        "punsubscribe stop_listening unbind removeAll remove_all cancel unhook untap unuse destroy delete"
    ).split()
)
REGISTERS: Final = REGISTERING | frozenset("use hook tap intercept append prepend set".split())
_SERVICES: Final = frozenset(
    (
        "commands command middleware middlewares providers provider hooks hook menus menu routes router filters views "
        "panels actions shortcuts keybindings handlers extensions palette toolbar statusbar jobs scheduler tasks "
        "pipeline renderers formatters interceptors rules tools slots widgets capabilities verbs exporters importers"
    ).split()
)
_REPEATS: Final = frozenset({"every", "cron", "schedule", "repeat", "interval"})
"""First words of what runs a function again and again until somebody says stop."""
_TIMETABLES: Final = frozenset({"scheduler", "schedule", "jobs", "timers", "cron", "clock"})
_COLLECTORS: Final = frozenset("subscriptions disposables disposable cleanups teardowns registrations".split())
_BUS_WORDS: Final = frozenset(
    (
        "bus events event emitter hub broker dispatcher signals signal eventbus pubsub messaging channel host api "
        "context ctx editor workspace messages notifications topics feed room store document window app"
    ).split()
)
_COMPLETING: Final = frozenset("takeUntil takeUntilDestroyed take first takeWhile last single untilDestroyed".split())
"""Operators of streams after which nobody has to unsubscribe."""
_STREAMS: Final = frozenset("rxjs.interval rxjs.timer rxjs.fromEvent rxjs.merge rxjs.webSocket.webSocket".split())
"""What makes a stream that goes on by itself."""
_GLOBALS: Final = ("window", "document", "process", "globalThis", "self", "navigator", "screen", "visualViewport",
                   "vscode", "chrome", "browser", "speechSynthesis", "matchMedia")  # fmt: skip


def registered(
    module: Module, call: Call, resolved: str
) -> tuple[Literal["subscription", "registration"], str, bool] | None:
    """Return the kind and the name of a subscription or registration, and whether it must be released; else None."""
    receiver = call.receiver
    if receiver is None:
        return None
    name = call.name
    if name == "addHandler" and resolved.startswith("logging.getLogger"):
        return ("subscription", "the log", True)
    if name in LISTENS or _on_something(name):
        if _once(module, call) or not _has_callback(call) or not foreign(module, receiver, resolved):
            return None
        return ("subscription", f"'{event_text(module, call)}'", _must_be_released(module, call))
    first = words(name)[:1]
    if first and first[0] in REGISTERS | _REPEATS and resolved.startswith("context.") and resolved.count(".") >= 2:
        service = words(resolved.split(".")[1])
        fits = service and (service[-1] in _TIMETABLES if first[0] in _REPEATS else service[-1] in _SERVICES)
        if fits:
            return ("registration", f"'{event_text(module, call)}'", _must_be_released(module, call))
    return None


def _on_something(name: str) -> bool:
    """Tell whether a function is called after what is listened to; the end of the plugin itself is heard once."""
    parts = words(name)
    return len(parts) > 1 and parts[0] == "on" and name != "once" and not is_stopper("".join(parts[1:]))


def _has_callback(call: Call) -> bool:
    if next(callbacks(call), None) is not None:
        return True
    last = strip(call.args[-1]) if len(call.args) > 1 else None  # on(name, handler) in a loop over handlers
    if isinstance(last, Name) and last.id in ("options", "opts"):
        return False
    return isinstance(last, Name | Member) and call.name in LISTENS


def _once(module: Module, call: Call) -> bool:
    """Tell whether a listener is ended by what is given beside it: ``{once: true}``, a signal, a list of disposables.

    A stream that is piped through an operator which completes it ends by itself, too.
    """
    if _completes(call.receiver):
        return True
    for arg in call.args[1:]:
        if isinstance(strip(arg), Name | Member) and has_word(last_word(arg), _COLLECTORS):
            return True
        if isinstance(arg, Object) and _ended_by_options(module, arg):
            return True
        if isinstance(arg, Name | Member) and len(call.args) > 2 and last_word(arg) in ("options", "opts", "signal"):
            return True
    return "signal" in call.keywords or "once" in call.keywords


def _ended_by_options(module: Module, options: Object) -> bool:
    signal = options.get("signal")
    if signal is not None:
        return _may_abort(module, strip(signal))
    return options.get("once") is not None or bool(options.spreads)


def _may_abort(module: Module, signal: Expr) -> bool:
    """Tell whether anything in the module aborts a signal, as far as the module has its controller."""
    if not isinstance(signal, Member) or signal.name != "signal":
        return True
    controller = module.scopes.origin(signal.object)
    if not (isinstance(controller, Call) and module.resolve(controller.callee) == "AbortController"):
        return True
    name = last_word(signal.object)
    if any(other.receiver is not None and last_word(other.receiver) == name for other in module.calls(("abort",))):
        return True
    handed = [node for kind in (Name, Member) for node in module.all(kind) if last_word(node) == name]
    return any(not isinstance(node.parent, Assign | Member | Field) for node in handed)


def _completes(stream: Expr | None) -> bool:
    """Tell whether a stream was piped through an operator that ends it."""
    while stream is not None:
        made = strip(stream)
        if not isinstance(made, Call):
            return False
        if any(isinstance(arg, Call) and arg.name in _COMPLETING for arg in made.args):
            return True
        stream = made.receiver
    return False


def foreign(module: Module, receiver: Expr, resolved: str) -> bool:
    """Tell whether the thing that is listened to outlives the listener: the host's, or a global one."""
    if any(part.startswith("create") and part.endswith("()") for part in resolved.split(".")):
        return False  # document.createElement("button"): the listener goes with what was made
    if resolved.startswith("context") or _goes_on(module, receiver):
        return True
    if resolved.split(".", 1)[0] in _GLOBALS or _is_global(module, receiver):
        return True
    last = words(last_word(receiver))
    if not last or not any(word in _BUS_WORDS for word in last):
        return False
    root = module.scopes.origin_by(receiver, lambda made: made.object if isinstance(made, Member) else None)
    return isinstance(root, Param | Imported)


def _goes_on(module: Module, stream: Expr) -> bool:
    """Tell whether something is a stream that goes on by itself, piped or not."""
    made = module.scopes.origin(stream)
    while isinstance(made, Call):
        if module.resolve(made.callee) in _STREAMS:
            return True
        made = made.receiver
    return False


def _is_global(module: Module, receiver: Expr) -> bool:
    """Tell whether something is a global object of the browser or of Node, or a part of one."""
    receiver = strip(receiver)
    while isinstance(receiver, Member):
        receiver = strip(receiver.object)
    return isinstance(receiver, Name) and receiver.id in _GLOBALS and not module.scopes.lookup(receiver.id, receiver)


def _must_be_released(module: Module, call: Call) -> bool:
    """Tell whether the subject's own types say that the call gives nothing to release."""
    if call.receiver is None:
        return True
    owner = value_class(module, call.receiver)
    declared = declared_member(owner, call.name) if owner is not None else None
    if declared is None or owner is None:
        return True
    if declared.returns.strip() in ("void", "None", "Promise<void>"):
        return any(method.name in OFFS for method in owner.methods)
    return True


def event_text(module: Module, call: Call) -> str:
    """Return how a finding names what is subscribed: the event where it is a text, else the call."""
    first = call.arg(0)
    if isinstance(first, Constant) and isinstance(first.value, str):
        return first.value
    return module.text_of(call.callee)
