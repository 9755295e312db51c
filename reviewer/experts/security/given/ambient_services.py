"""SEC016: the context holds whole services, whatever was granted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer.code.contexts import is_starter
from reviewer.code.reach.links import declared_type, named_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Function,
    Imported,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    is_nothing,
    strip,
)
from reviewer.code.text.ideas import FACES, HOST_NAMES, RIGHTS, TAKES_OUT
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.brought import loads_something
from reviewer.experts.lifecycle.hooks.hooks import uses_in
from reviewer.experts.lifecycle.vocabulary import PLUGIN_WORDS
from reviewer.experts.paths import last_name, last_words, word_set
from reviewer.experts.security.deciding.decisions import asks_permission
from reviewer.experts.security.handing.handed import Handed, handed, is_granted
from reviewer.experts.security.handing.handed_databases import database, statements
from reviewer.experts.security.handing.handed_over import unfrozen
from reviewer.experts.security.handing.handed_secrets import any_secret
from reviewer.experts.security.values.speaking import speaks_of_plugins
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PLAIN: Final = word_set(
    "id name version title label key tenant user locale language theme info manifest meta metadata descriptor "
    "config options settings plugin extension addin addon record entry session request logger log now signal "
    "path dir folder spec state definition data argv args params props event message payload node element dom method"
)
"""Words of what is data, or is meant for one plugin."""
_ENVIRONMENTS: Final = frozenset({"process.env", "os.environ", "Deno.env", "Bun.env", "import.meta.env"})
_TEXTS: Final = frozenset({"string", "number", "boolean", "str", "int", "bool", "bigint"})
"""Types of what can do nothing."""
_LOCATORS: Final = frozenset({"container", "injector", "locator"})
_SEVERAL: Final = 2
_HOSTS: Final = HOST_NAMES | word_set("manager registry")

_VIEWS: Final = FACES | {"view", "sandbox"}
"""Last words of a class that is made to be handed over."""
_TAKES_IN: Final = frozenset({"install", "load", "add", "register", "enable", "activate", "start", "open", "mount"})
_TAKES_OUT: Final = TAKES_OUT


@module_check(
    "SEC016",
    words=FACES
    | RIGHTS
    | {"db", "database", "query", "execute", "vault", "secret", "secrets", "keyring"}
    | {"activate", "start", "setup", "init", "register", "load", "mount", "enable"}
    | {"enter", "import", "entry", "fit", "join"},
)
def ambient_services(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for services that are handed over whole."""
    if module.is_test:
        return
    for thing in handed(inquiry, module):
        whole = (
            _environment(module, thing)
            or _locator(module, thing)
            or database(module, thing)
            or statements(module, thing)
            or _whole(inquiry, module, thing)
            or _behind_views(module, thing)
            or _itself(module, thing)
            or _beside_doors(inquiry, module, thing)
            or _ungranted(module, thing)
        )
        for found in (whole, any_secret(module, thing)):
            if found is not None:
                sure = thing.followed or _of_plugins(module)
                yield found if sure else replace(found, confidence=Confidence.POSSIBLE)
    yield from _host_itself(inquiry, module)
    yield from _parts_of_host(inquiry, module)


def _of_plugins(module: Module) -> bool:
    """Tell whether a file speaks of plugins, or wakes something: else only a name says that they get its contexts."""
    return (
        speaks_of_plugins(module)
        or loads_something(module.source)
        or any(call.args and call.receiver is not None and is_starter(call.name) for call in module.all(Call))
    )


def _parts_of_host(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find several objects of the host handed whole to each plugin that is woken, with nothing made for that one."""
    for use in uses_in(inquiry, module, "start"):
        given = [strip(value) for value in (*use.call.args, *use.call.keywords.values())]
        if any(value is use.member for value in given):
            given.remove(use.member)  # the hook itself is handed on
        whole = [value for value in given if is_this_member(value) and not set(last_words(value)) & _PLAIN]
        if len(whole) < _SEVERAL or len(whole) < len(given):
            continue
        names = ", ".join(f"'{module.text_of(value)}'" for value in whole[:3])
        yield Match(
            use.call,
            f"{names} are handed to every plugin as they are, whatever it was granted: each can do all that they can.",
        )


def _environment(module: Module, thing: Handed) -> Match | None:
    """Find the whole environment of the process among what a plugin can read."""
    for name, place, value in thing.open if not set(words(thing.name)[-1:]) & {"env", "environment"} else ():
        if module.resolve(strip(value)) in _ENVIRONMENTS:
            return Match(
                place,
                f"'{name}' hands the whole environment of the host to every plugin, secrets included, whatever it was "
                "granted.",
            )
    return None


def _locator(module: Module, thing: Handed) -> Match | None:
    """Find what gives every service by its name or type among what a plugin can read."""
    for name, place, value in thing.open:
        inner = strip(value)
        constant = isinstance(inner, Member) and inner.name.split("_")[0].isupper()
        constant = constant or last_name(inner)[:1].isupper()  # a class is none of its objects
        if isinstance(inner, Name | Member) and not constant and set(last_words(inner)[-1:]) & _LOCATORS:
            return Match(
                place,
                f"'{name}' is '{short(module.text_of(inner))}', which gives every service to whoever asks for it: "
                "every grant can be walked around.",
            )
    return None


def _whole(inquiry: Inquiry, module: Module, thing: Handed) -> Match | None:
    """Find ``app`` beside ``storage: app.storage``: the object of which the other members are parts."""
    parts = _taken_apart(module, thing)
    for name, place, value in thing.open:
        inner = strip(value)
        whole = module.text_of(inner) if isinstance(inner, Name) or is_this_member(inner) else ""
        if whole not in parts and isinstance(thing.node, Class):
            whole = next((one for one in (f"this.{name}", f"self.{name}") if one in parts), "")
        if whole in parts and not {*words(name), *last_words(inner)} & _PLAIN and not _does_nothing(module, inner):
            return Match(
                place,
                f"'{name}' is the whole '{whole}', of which the other services of the context are parts: "
                "every grant can be walked around.",
                # What calls itself a context inside a plugin may be one for the plugin's own parts.
                confidence=Confidence.POSSIBLE if inquiry.subject.kind == "plugin" else None,
            )
    return None


def _behind_views(module: Module, thing: Handed) -> Match | None:
    """Find what granted members are made of, handed over itself: ``things.db = db`` beside ``seatsView(db)``."""
    if isinstance(thing.node, Class):
        return None
    views = [value for _n, place, value in thing.open if is_granted(module, place) or _on_condition(module, value)]
    made_of = {
        module.text_of(strip(arg))
        for view in views
        for call in find(view, Call)
        for arg in (*call.args, *call.keywords.values())
        if isinstance(strip(arg), Name | Member)
    }
    for name, place, value in thing.open:
        inner = strip(value)
        plain = isinstance(inner, Name | Member) and module.text_of(inner) in made_of
        if not plain or declared_type(module, inner) in _TEXTS or set(last_words(inner)) & _PLAIN:
            continue
        if value in views or is_granted(module, place):
            continue
        return Match(
            place,
            f"'{name}' is '{short(module.text_of(inner))}' itself, of which what is granted are only views: every "
            "grant can be walked around.",
        )
    return None


def _itself(module: Module, thing: Handed) -> Match | None:
    """Find the host's own object beside members that are there only where they were granted: ``{ desk: this, … }``."""
    if isinstance(thing.node, Class) or not any(_on_condition(module, value) for _n, _p, value in thing.open):
        return None
    for name, place, value in thing.open:
        cls = class_of(thing.node) if _is_this(strip(value)) else None
        if cls is not None and not set(words(cls.name)[-1:]) & _VIEWS:
            return Match(
                place,
                f"'{name}' is the whole '{cls.name}', which makes the context: what depends on a grant beside it is in "
                "the plugin's reach without one.",
            )
    return None


def _beside_doors(inquiry: Inquiry, module: Module, thing: Handed) -> Match | None:
    """Find the host itself beside the functions that were made for one plugin: ``{ id, host: this, emit: … }``."""
    made = thing.node
    cls = class_of(made) if isinstance(made, Object | Call) else None
    if cls is None or set(words(cls.name)[-1:]) & _VIEWS or not _is_host(module, cls):
        return None
    values = [value for _key, value in made.entries] if isinstance(made, Object) else []
    if not thing.later and not any(isinstance(strip(value), Function) for value in values):
        return None
    place = next(((name, place) for name, place, value in thing.open if _is_this(strip(value))), None)
    if place is None:
        return None
    return Match(
        place[1],
        f"'{place[0]}' is the whole '{cls.name}', beside the functions that were made for this plugin: it reaches the "
        "other plugins and all that the host can do.",
        confidence=Confidence.POSSIBLE if inquiry.subject.kind == "plugin" else None,
    )


def _does_nothing(module: Module, inner: Expr) -> bool:
    """Tell whether something gives no power: it is a library, or a record of plain values."""
    origin = module.scopes.origin(inner)
    project = module.project
    made = unfrozen(origin) if isinstance(origin, Expr) else origin
    if isinstance(made, Object) and made.entries:
        return all(isinstance(strip(value), Literal | Binary) or _is_constant(value) for _key, value in made.entries)
    return isinstance(origin, Imported) and (project is None or project.definition(module, origin) is None)


def _is_constant(value: Expr) -> bool:
    return isinstance(strip(value), Name) and last_name(value).isupper()


def _taken_apart(module: Module, thing: Handed) -> set[str]:
    """Return of what the context takes services: ``app`` for ``app.storage`` and ``app.log.info(…)``, or a field."""
    node: Node | None = thing.node
    if isinstance(node, Class):
        node = next((m for m in node.methods if m.kind == "constructor" or m.name == "__init__"), None)
    if node is None:
        return set()
    inside: Sequence[Node] = [node]
    if isinstance(thing.node, Class) and isinstance(node, Function):  # what making the object uses up is no part of it
        fields = [one for one in find(node.body, Assign) if is_this_member(one.target)]
        inside = [*(one.value for one in fields if one.value), *(m for m in thing.node.methods if m is not node)]
    parts: list[Expr] = [part for one in inside for part in walk(one) if isinstance(part, Member)]
    for name in find(node, Name):
        made = module.scopes.origin(name)
        parts.extend([made] if isinstance(made, Member) else [])  # const {storage} = this.kernel
    return {module.text_of(part.object) for part in parts if isinstance(part, Member) and _is_service(part)}


def _is_service(part: Member) -> bool:
    """Tell whether a member is one of the services of an object, and not its data, nor a call of its own."""
    holder = part.object
    named = isinstance(holder, Name) and holder.id not in ("this", "super")
    if not (named or is_this_member(holder)) or (isinstance(part.parent, Call) and part.parent.callee is part):
        return False
    return not set(words(part.name)) & _PLAIN or bool(set(last_words(holder)) & _HOSTS)


def _ungranted(module: Module, thing: Handed) -> Match | None:
    """Find services that are always there beside one that is there only where it was granted."""
    if isinstance(thing.node, Class):
        return None
    granted = [value for _n, _p, value in thing.open if _on_condition(module, value) and not _of_itself(module, value)]
    if not granted:
        return None
    holders = {part.id for value in granted for side in _given_by(value) for part in find(side, Name)}
    for name, place, value in thing.open:
        inner = strip(value)
        if not isinstance(inner, Member) or not isinstance(inner.object, Name):
            continue
        holder = inner.object.id
        if declared_type(module, inner) in _TEXTS:
            continue
        if holder in holders - {"this"} and not {*words(inner.name), *words(holder)} & _PLAIN:
            return Match(
                place,
                f"'{name}' is handed over whatever was granted, while other services of the context depend on a grant.",
            )
    return None


def _on_condition(module: Module, value: Expr) -> bool:
    made = module.scopes.origin(value)
    value = made if isinstance(made, Conditional | Binary) else strip(value)
    if isinstance(value, Conditional):
        empty = [strip(side) for side in (value.then, value.other)]
        return any(map(is_nothing, empty)) and asks_permission(module, value.test)
    return isinstance(value, Binary) and value.op == "and" and asks_permission(module, value.left)


def _given_by(value: Expr) -> list[Expr]:
    """Return what a choice gives, without what it asks."""
    made = strip(value)
    if isinstance(made, Conditional):
        return [made.then, made.other]
    return [made.right] if isinstance(made, Binary) else [made]


def _of_itself(module: Module, value: Expr) -> bool:
    """Tell whether nothing is asked but whether there is what is then written in another form.

    ``rights: order.rights === null ? null : order.rights.bits``
    """
    made = strip(value)
    test = made.test if isinstance(made, Conditional) else made.left if isinstance(made, Binary) else None
    asked = {module.text_of(part) for part in find(test, Member)} if test is not None else set()
    return any(module.text_of(part) in asked for one in _given_by(made) for part in find(one, Member))


def _host_itself(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    for node in module.all(Call):
        if not node.args or not is_starter(node.name) or node.receiver is None or node.name.startswith("__"):
            continue
        place = next((part for part in _given(node) if _is_this(part)), None)
        cls = class_of(node) if place is not None else None
        if place is None:
            place, cls = _state_of_host(module, node)
        if place is None or cls is None or _is_this(node.receiver) or set(words(cls.name)[-1:]) & _VIEWS:
            continue
        if module.language == "python" and last_name(node.receiver)[:1].isupper():
            continue  # the method of a base class is called on the object itself: ``Handler.setup(self)``
        if is_this_member(node.receiver) and not set(last_words(node.receiver)) & PLUGIN_WORDS:
            continue  # a part of its own
        if isinstance(held := strip(node.receiver), Call) and any(isinstance(strip(one), Literal) for one in held.args):
            continue  # one that it knows by name
        if not _is_host(module, cls) and _is_this(place):
            continue
        yield Match(
            place,
            f"The plugin is handed the whole '{cls.name}': '{short(module.text_of(node))}' gives it every "
            "method of the host.",
            # A package that plugs itself in and takes plugins of its own hands them what its users expect.
            confidence=Confidence.POSSIBLE if inquiry.subject.kind == "plugin" else None,
        )


def _state_of_host(module: Module, call: Call) -> tuple[Expr | None, Class | None]:
    """Return the record in which functions keep all that a host has, if a plugin gets it: ``{"host": host}``."""
    for part in _given(call):
        bound = module.scopes.lookup(part.id, part) if isinstance(part, Name) else []
        only = bound[0] if len(bound) == 1 else None
        cls = named_type(module, only.type) if isinstance(only, Param) and only.type else None
        if cls is not None and set(words(cls.name)) & _HOSTS and cls.kind == "class" and _keeps_authority(module, cls):
            return part, cls
    return None, None


def _given(call: Call) -> Iterator[Expr]:
    """Yield what a plugin is woken with: the first argument, and the members of objects among the arguments."""
    yield strip(call.args[0])
    for made in map(strip, call.args):
        if isinstance(made, Object):
            yield from (strip(value) for _key, value in made.entries)


def _is_host(module: Module, cls: Class) -> bool:
    """Tell whether whoever has an object of a class has the other plugins, or what was granted to them."""
    return _ends_others(cls) or bool(set(words(cls.name)) & _HOSTS and _keeps_authority(module, cls))


def _ends_others(cls: Class) -> bool:
    """Tell whether a class takes plugins in and out by public methods, or stops one that it is told."""
    public = [method for method in cls.methods if not method.private]
    said = {word for method in public for word in words(method.name)[:1]}
    stops = any(words(method.name)[:1] == ("stop",) and method.params for method in public)
    return (stops or bool(said & _TAKES_OUT)) and bool(said & _TAKES_IN)


def _is_this(expr: Node) -> bool:
    return isinstance(expr, Name) and expr.id in ("this", "super")


def _keeps_authority(module: Module, cls: Class) -> bool:
    """Tell whether a class knows of grants, so that handing it over walks around them."""
    held = {word for name in module.scopes.fields(cls) for word in words(name)}
    held |= {word for f in cls.fields for word in words(f.name)} | {word for m in cls.methods for word in words(m.name)}
    return bool(held & (PERMISSION | {"plugins", "extensions", "addons"}))
