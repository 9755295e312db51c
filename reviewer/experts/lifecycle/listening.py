"""Calls that subscribe to something of the host or register something with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from reviewer.code.links import declared_member
from reviewer.code.syntax import Call, Expr, Imported, Member, Name, Object, Param, strip
from reviewer.code.syntax import Literal as Constant
from reviewer.code.words import words
from reviewer.experts.lifecycle.fate import callbacks
from reviewer.experts.lifecycle.values import last_word, value_class
from reviewer.experts.lifecycle.vocabulary import has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module


LISTENS: Final = frozenset(
    (
        "on subscribe addListener addEventListener listen observe add_listener prependListener add_event_listener "
        "add_subscriber subscribe_to listen_to listenTo addHandler add_handler onAny psubscribe"
    ).split()
)
OFFS: Final = frozenset(
    (
        "off removeListener removeEventListener removeAllListeners unsubscribe unlisten stopListening remove_listener "
        "remove_event_listener unobserve removeHandler remove_handler detach release releaseAll release_all "
        "unsubscribe_all unsubscribeAll offAll un dispose disposeAll disconnect remove_all_listeners "
        "remove_subscriber remove clear unregister unregisterAll unregister_all deregister withdraw revoke close "
        "punsubscribe stop_listening unbind removeAll remove_all cancel unhook untap unuse destroy delete"
    ).split()
)
REGISTERS: Final = frozenset(
    (
        "register add use provide define contribute expose hook tap intercept bind handle implement append prepend "
        "install set"
    ).split()
)
_SERVICES: Final = frozenset(
    (
        "commands command middleware middlewares providers provider hooks hook menus menu routes router filters views "
        "panels actions shortcuts keybindings handlers extensions palette toolbar statusbar jobs scheduler tasks "
        "pipeline renderers formatters interceptors rules tools slots widgets capabilities verbs exporters importers"
    ).split()
)
_COLLECTORS: Final = frozenset("subscriptions disposables disposable cleanups teardowns registrations".split())
_BUS_WORDS: Final = frozenset(
    (
        "bus events event emitter hub broker dispatcher signals signal eventbus pubsub messaging channel host api "
        "context ctx editor workspace messages notifications topics feed room store document window app"
    ).split()
)
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
    if name in LISTENS or _on_something(name):
        if _once(call) or not _has_callback(call) or not foreign(module, receiver, resolved):
            return None
        return ("subscription", f"'{event_text(module, call)}'", _must_be_released(module, call))
    first = words(name)[:1]
    if first and first[0] in REGISTERS and resolved.startswith("context.") and resolved.count(".") >= 2:
        service = words(resolved.split(".")[1])
        if service and service[-1] in _SERVICES:
            return ("registration", f"'{event_text(module, call)}'", _must_be_released(module, call))
    return None


def _on_something(name: str) -> bool:
    parts = words(name)
    return len(parts) > 1 and parts[0] == "on" and name != "once"


def _has_callback(call: Call) -> bool:
    if next(callbacks(call), None) is not None:
        return True
    last = strip(call.args[-1]) if len(call.args) > 1 else None  # on(name, handler) in a loop over handlers
    if isinstance(last, Name) and last.id in ("options", "opts"):
        return False
    return isinstance(last, Name | Member) and call.name in LISTENS


def _once(call: Call) -> bool:
    """Tell whether what is given beside the listener ends it: ``{once: true}``, ``{signal}``, a list of disposables."""
    for arg in call.args[1:]:
        if isinstance(strip(arg), Name | Member) and has_word(last_word(arg), _COLLECTORS):
            return True
        if isinstance(arg, Object) and (arg.get("signal") is not None or arg.get("once") is not None or arg.spreads):
            return True
        if isinstance(arg, Name | Member) and len(call.args) > 2 and last_word(arg) in ("options", "opts", "signal"):
            return True
    return "signal" in call.keywords or "once" in call.keywords


def foreign(module: Module, receiver: Expr, resolved: str) -> bool:
    """Tell whether the thing that is listened to outlives the listener: the host's, or a global one."""
    if any(part.startswith("create") and part.endswith("()") for part in resolved.split(".")):
        return False  # document.createElement("button"): the listener goes with what was made
    if resolved.startswith("context"):
        return True
    if resolved.split(".", 1)[0] in _GLOBALS or _is_global(module, receiver):
        return True
    last = words(last_word(receiver))
    if not last or not any(word in _BUS_WORDS for word in last):
        return False
    origin = module.scopes.origin(receiver)
    while isinstance(origin, Member):
        inner = module.scopes.origin(origin.object)
        if inner is origin or inner is origin.object:
            break
        origin = inner
    if isinstance(origin, Member):
        origin = module.scopes.origin(origin.object)
    return isinstance(origin, Param | Imported)


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
