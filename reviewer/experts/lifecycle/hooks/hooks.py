"""Where host code calls the hooks of a plugin: wakes it, puts it to rest, takes and gives back its state."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

from reviewer.code.contexts import flat, is_context_name
from reviewer.code.flow import returns_of, use_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Class,
    Expr,
    Field,
    Function,
    Imported,
    Index,
    Member,
    Name,
    Node,
    Object,
    Param,
    strip,
)
from reviewer.code.syntax import Literal as Constant
from reviewer.code.text.ideas import FACES
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors
from reviewer.experts.communication.aliases import alias_text
from reviewer.experts.lifecycle.bringing.brought import brought_names
from reviewer.experts.lifecycle.guests.kept_as import is_given_on, is_kept_as, is_part_of_entry
from reviewer.experts.lifecycle.hooks.hook_calls import call_of, frame_of
from reviewer.experts.lifecycle.hooks.spelled_hooks import spelled_hooks
from reviewer.experts.lifecycle.hooks.state_hooks import handed_over
from reviewer.experts.lifecycle.values import last_word, part_name, root_name, taken_from, value_class, value_type
from reviewer.experts.lifecycle.vocabulary import (
    INSTANCE_WORDS,
    NOT_PLUGINS,
    PLAIN_PLUGIN_WORDS,
    PLUGIN_WORDS,
    RESTORES,
    SAVES,
    STARTS,
    STOPS,
    STRONG_STARTS,
    STRONG_STOPS,
    WEAK_HOOKS,
    has_word,
)

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

Kind = Literal["start", "stop", "save", "restore"]

HOOK_WORDS: Final = (
    frozenset(word for name in (STARTS | STOPS | SAVES | RESTORES) for word in (name, name.removeprefix("on")))
    | {"state", "start", "stop", "load", "unload", "enable", "disable", "activate", "deactivate", "import"}
    | {"interface", "abstract", "protocol", "timeout", "deadline", "bounded"}
)
"""Words of which a module that calls hooks has one, or that declares what others fill in, or waits for it so long."""
_MOST: Final = 400
_DEEPEST: Final = 6
_MADE: Final = frozenset({"create", "make", "instantiate", "build", "spawn", "factory", "construct", "import", "load"})
_CONTEXT_WORDS: Final = FACES | {"host", "console", "terminal"}
_WRAPPERS: Final = frozenset(
    "process handle host proxy runner client connection bridge sandbox isolate container supervisor".split()
)
"""Last words of the names of a host's own classes that start and stop what they hold."""
_PLAIN_ENDS: Final = frozenset({"open", "up", "close", "down"})  # files and connections have them, too


class HookUse(Struct, frozen=True):
    """One use of a hook in host code.

    ``member`` is ``plugin.activate``; ``call`` is the call of it, or the call that it is handed
    to (``limited(plugin.activate, context)``); ``receiver`` is what the hook belongs to.
    ``site`` is the call as the host's function ``frame`` makes it: with the hook inside an arrow
    (``within(5, () => plugin.activate(context))``) it is the call around that arrow.
    """

    kind: Kind
    name: str
    member: Expr
    call: Call
    receiver: Expr
    site: Call
    frame: Function | None


def hook_uses(inquiry: Inquiry, module: Module) -> tuple[HookUse, ...]:
    """Return the uses of plugin hooks in a module, in source order; worked out once."""
    return hooks_of(module)


def hooks_of(module: Module) -> tuple[HookUse, ...]:
    """Return the same where no inquiry is at hand."""
    return module.once("lifecycle.hooks", lambda: tuple(_find(module)))


def uses_in(inquiry: Inquiry, module: Module, kind: Kind) -> list[HookUse]:
    """Return the uses of one kind."""
    return [use for use in hook_uses(inquiry, module) if use.kind == kind]


def runs_hook(inquiry: Inquiry, module: Module, call: Call, kind: Kind) -> bool:
    """Tell whether a call goes to a function of the host in which a hook of this kind is used on what it is given."""
    target = definition(module, call.callee)
    if not isinstance(target, Function) or not call.args:
        return False
    given = {param.name for param in target.params}
    return any(
        use.frame is target and root_name(use.receiver).removeprefix("this.") in given
        for use in uses_in(inquiry, target.module, kind)
    )


def kind_of_name(name: str) -> Kind | None:
    """Return what a hook of this name does, or None."""
    bare = flat(name)
    if bare in STARTS:
        return "start"
    if bare in STOPS:
        return "stop"
    if bare in SAVES:
        return "save"
    return "restore" if bare in RESTORES else None


def _find(module: Module) -> list[HookUse]:
    own = spelled_hooks(module)
    names = {name for name in module.identifiers if kind_of_name(name) is not None} | own.keys()
    if not names:
        return []
    spelled = b"|".join(sorted(re.escape(name.encode()) for name in names))
    pattern = re.compile(rb"(?:\.\s*#?|\[\s*[\"'`]|,\s*[\"'])(" + spelled + rb")(?![\w$])")
    found: dict[int, HookUse] = {}
    nodes: list[tuple[Node, str]] = []
    for count, hit in enumerate(pattern.finditer(module.source)):
        if count >= _MOST:
            break
        nodes.extend((node, hit.group(1).decode()) for node in module.covering(hit.start(1)))
    nouns = frozenset[str]()
    for _ in range(2):  # what is woken somewhere is a plugin where it is put to rest, too
        for node, name in nodes:
            use = _use(module, node, name, nouns)
            if use is not None:
                found.setdefault(id(use.member), use)
        nouns = frozenset(last_word(use.receiver) for use in found.values() if use.kind == "start")
        if not nouns:
            break
        nouns |= _held(module, nouns)
        looked_up = (strip(use.receiver) for use in found.values() if use.kind == "start")
        nouns |= {f"{last_word(one.object)}[]" for one in looked_up if isinstance(one, Index)}
        nouns |= {f"={last_word(u.receiver)}" for u in found.values() if value_class(module, u.receiver) is not None}
    woken = frozenset(last_word(use.receiver) for use in found.values())
    for kind, call, callee in handed_over(module, woken | brought_names(module) if woken else woken):
        site, frame = frame_of(call)
        found.setdefault(id(callee), HookUse(kind, callee.name, callee, call, callee.object, site, frame))
    return sorted(found.values(), key=lambda use: use.member.raw.start_byte)


def _use(module: Module, node: Node, name: str, nouns: frozenset[str]) -> HookUse | None:
    receiver: Expr | None = None
    if (isinstance(node, Member) and node.name == name) or (
        isinstance(node, Index) and isinstance(node.key, Constant) and node.key.value == name
    ):
        receiver = node.object
    elif isinstance(node, Call) and node.name == "getattr" and len(node.args) > 1:
        key = node.args[1]
        if isinstance(key, Constant) and key.value == name:
            receiver = node.args[0]
    own = spelled_hooks(module).get(name)
    told = kind_of_name(name)
    kind = own.kind if own is not None and told not in ("save", "restore") else told
    if receiver is None or kind is None or not isinstance(node, Expr):
        return None
    call = call_of(node)
    if call is None:
        return None
    spelled = own is not None and _is_owner(module, receiver, own.owner)
    if not (spelled or is_plugin(module, receiver, name, call) or _same_noun(module, receiver, kind, nouns)):
        return None
    site, frame = frame_of(call)
    return HookUse(kind, name, node, call, receiver, site, frame)


def is_plugin(module: Module, receiver: Expr, name: str, call: Call) -> bool:
    """Tell whether an expression holds a plugin, seen from a call of a hook on it."""
    receiver = strip(receiver)
    if isinstance(receiver, Name) and (
        receiver.id in ("this", "super") or (receiver.id == "exports" and not module.scopes.lookup("exports", receiver))
    ):
        return False  # the host itself, or what its file offers
    cls = value_class(module, receiver)
    if cls is not None:
        return _plugin_class(cls) or (kind_of_name(name) in ("save", "restore") and _has_own_hooks(module, cls))
    last = last_word(receiver)
    if not last or not NOT_PLUGINS.isdisjoint(words(last)) or _is_of_others(module, receiver, name, call):
        return False
    resolved = module.resolve(receiver)
    origin = module.scopes.origin(receiver)
    imported = isinstance(receiver, Member) and receiver.name == "default" and bool(module.resolve(receiver.object))
    if imported or isinstance(origin, Imported) or resolved.startswith(("context", "vscode", "asyncio", "threading")):
        return False
    if flat(name) in STRONG_STARTS or flat(name) in STRONG_STOPS:
        return True
    if isinstance(definition(module, receiver), Class):
        return False  # a static helper of a class
    if last in brought_names(module):
        return True
    weak = flat(name) in WEAK_HOOKS or _handed(call, receiver)
    known = PLAIN_PLUGIN_WORDS if weak else PLUGIN_WORDS
    if has_word(value_type(module, receiver), known) or has_word(last, known & INSTANCE_WORDS):
        return True
    if has_word(taken_from(module, receiver), PLAIN_PLUGIN_WORDS):
        return True
    return _comes_from_factory(module, origin) or _takes_context(module, call)


def _is_of_others(module: Module, receiver: Expr, name: str, call: Call) -> bool:
    """Tell whether a call only sounds like a hook: of an entry point, of a file, or of what opens something by it.

    ``part = tool.open(path)``
    """
    if name == "load" and _is_entry_point(module, call):
        return True
    made = module.scopes.origin(receiver)
    if isinstance(made, Call) and made.receiver is None and made.name in ("open", "fdopen", "urlopen"):
        return True
    return name == "open" and bool(call.args) and use_of(call).how in ("assigned", "returned")


def _is_entry_point(module: Module, call: Call) -> bool:
    return not call.args and "entry_points" in module.identifiers


def is_plugin_instance(module: Module, expr: Expr) -> bool:
    """Tell whether something is an instance of the interface that the plugins of this host implement."""
    cls = value_class(module, expr)
    return cls is not None and cls.kind == "interface" and (_plugin_class(cls) or _has_own_hooks(module, cls))


def _has_own_hooks(module: Module, cls: Class) -> bool:
    """Tell whether a host wakes and ends the instances of a class by members in words of its own."""
    return any(hook.owner is cls for hook in spelled_hooks(module).values())


def _is_owner(module: Module, receiver: Expr, owner: Class | str) -> bool:
    """Tell whether a receiver is what a hook in a host's own words is a member of."""
    if isinstance(owner, str):
        return part_name(receiver) == owner or is_kept_as(module, receiver, owner)
    return value_class(module, receiver) is owner


def _held(module: Module, nouns: frozenset[str]) -> frozenset[str]:
    """Return the fields and tables that are given what was woken: ``this.current`` of ``this.current = candidate``."""
    woken = [n for n in module.all(Assign) if isinstance(n.value, Name) and n.value.id in nouns]
    fields = {f"this.{n.target.name}" for n in woken if isinstance(n.target, Member) and is_this_member(n.target)}
    tables = {f"{last_word(n.target.object)}[]" for n in woken if isinstance(n.target, Index)}
    return frozenset(fields | tables)


def _same_noun(module: Module, receiver: Expr, kind: Kind, nouns: frozenset[str]) -> bool:
    """Tell whether what is put to rest, or asked for its state, is called as what was woken: ``entry.widget``.

    Likewise what stood in the field that now holds what was woken: ``previous = this.current``.
    """
    if kind == "start" or value_class(module, receiver) is not None:
        return False
    if any(is_kept_as(module, receiver, noun) for noun in sorted(nouns) if noun.isidentifier()):
        return True
    if last_word(receiver) in nouns and (is_part_of_entry(module, receiver) or is_given_on(module, receiver)):
        return True
    receiver = strip(receiver)
    if isinstance(receiver, Index):
        return f"{last_word(receiver.object)}[]" in nouns
    if not isinstance(receiver, Member | Name):
        return False
    if not has_word(last_word(receiver), INSTANCE_WORDS):
        return f"={last_word(receiver)}" in nouns  # called as what is known for a plugin by its type
    return last_word(receiver) in nouns or _kept_in(module, receiver) in nouns


def _kept_in(module: Module, receiver: Expr) -> str:
    """Return the field that a variable was given before the field got another value."""
    receiver = strip(receiver)
    bound = module.scopes.lookup(receiver.id, receiver) if isinstance(receiver, Name) else []
    value = bound[-1].value if bound and isinstance(bound[-1], Assign) else receiver
    return root_name(value) if isinstance(value, Member) and is_this_member(value) else ""


def _handed(call: Call, receiver: Expr) -> bool:
    """Tell whether a member of something is an argument of a call, which may be plain: ``slice(part.start)``."""
    values = [strip(arg) for arg in (*call.args, *call.keywords.values())]
    return any(isinstance(value, Member | Index) and strip(value.object) is receiver for value in values)


def _plugin_class(cls: Class) -> bool:
    """Tell whether a class or interface has hooks of both kinds, or says that it is a plugin."""
    handed = [field.name for field in cls.fields if _callable(cls, field)]
    names = [method.name for method in cls.methods] + handed
    kinds = {kind_of_name(name) for name in names}
    if cls.kind == "class" and words(cls.name)[-1:] and words(cls.name)[-1] in _WRAPPERS and not _abstract(cls):
        return False  # the host's own object around a plugin
    if {"start", "stop"} <= kinds:
        if cls.kind == "class" and {"start", "stop"} <= {kind_of_name(name) for name in handed} and not cls.methods:
            return not has_word(cls.name, NOT_PLUGINS)  # a record of functions, which others fill in
        if {"save", "restore"} <= kinds and cls.kind != "class":
            return True
        if all(flat(name) in _PLAIN_ENDS for name in names if kind_of_name(name) in ("start", "stop")):
            return has_word(cls.name, INSTANCE_WORDS) or _start_takes_context(cls)
        if cls.kind == "class" and all(flat(name) in WEAK_HOOKS for name in names if kind_of_name(name) == "stop"):
            return _start_takes_context(cls)
        return cls.kind != "class" or has_word(cls.name, PLUGIN_WORDS) or _start_takes_context(cls)
    if cls.kind == "interface" and any(flat(name) in STRONG_STARTS for name in names) and _start_takes_context(cls):
        return True  # a contract whose plugins need not be told when they end
    return has_word(cls.name, INSTANCE_WORDS) and not kinds.isdisjoint({"start", "stop"}) and cls.kind != "class"


def _abstract(cls: Class) -> bool:
    """Tell whether others are to fill in the methods of a class."""
    return any(method.signature_only for method in cls.methods)


def _callable(cls: Class, field: Field) -> bool:
    """Tell whether a field holds a function, and not a plain value that shares its name with a hook."""
    said = field.type + alias_text(cls.module, field.type.strip())
    return "=>" in said or "Callable" in said or isinstance(field.value, Function)


def _start_takes_context(cls: Class) -> bool:
    for method in cls.methods:
        if kind_of_name(method.name) == "start" and method.params:
            first = method.params[0]
            return is_context_name(first.name) or has_word(first.name + "_" + first.type, _CONTEXT_WORDS)
    return False


def _comes_from_factory(module: Module, origin: Expr | Param | Imported | None) -> bool:
    if isinstance(origin, Member) and origin.name == "default":
        origin = module.scopes.origin(origin.object)  # const { default: plugin } = await import(file)
    if isinstance(origin, Call):
        if isinstance(origin.callee, Name) and origin.callee.id == "import":
            return True
        if origin.new:
            if module.resolve(origin.callee) or isinstance(definition(module, origin.callee), Class):
                return False  # a class of the host, or of a library that it imports by name
            return isinstance(module.scopes.origin(origin.callee), Param | Member)
        return has_word(origin.name, _MADE) and origin.name not in ("load", "loads") and not _writes_out(module, origin)
    return False


def _writes_out(module: Module, made: Call) -> bool:
    """Tell whether a function of the subject makes an object that it spells out itself: a face, and no plugin."""
    maker = definition(module, made.callee)
    answers = [strip(one.value) for one in returns_of(maker) if one.value] if isinstance(maker, Function) else []
    return bool(answers) and all(isinstance(one, Object) for one in answers)


def _takes_context(module: Module, call: Call) -> bool:
    first = call.arg(0)
    if first is None:
        return False
    first = strip(first)
    if isinstance(first, Call):
        return has_word(first.name, _CONTEXT_WORDS)
    return has_word(last_word(first), frozenset({"context", "ctx", "api", "facade"}))


def awaited(call: Call) -> bool:
    """Tell whether an ``await`` stands around a call in the same expression."""
    for around in ancestors(call):
        if isinstance(around, Await):
            return True
        if isinstance(around, Function) or not isinstance(around, Expr):
            return False
    return False
