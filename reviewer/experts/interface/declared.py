"""Turns a definition into what it offers: the thing itself, and its members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition, lineage
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Expr,
    Field,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.interface.member import Offered
from reviewer.experts.interface.notes import note_of
from reviewer.experts.interface.signatures import constant, signature_of
from reviewer.experts.interface.types import alternatives
from reviewer.experts.place import locate, locate_raw

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.core.location import Location

_IMPLEMENTED: Final = frozenset(
    "plugin plugins extension addon addin provider handler listener adapter hook hooks middleware factory driver "
    "contribution manifest definition options config configuration settings request visitor strategy".split()
)
"""Last words of the names of interfaces that users write instead of calling."""
_ENUMS: Final = frozenset({"Enum", "StrEnum", "IntEnum", "Flag", "IntFlag"})
_RECORDS: Final = frozenset({"BaseModel", "TypedDict", "NamedTuple", "Struct", "dataclass", "define", "frozen"})
"""Bases and decorators of classes that are written as data."""
_BARE: Final = _RECORDS | {"Protocol", "ABC", "object", "Generic", "Exception", "Error"}
"""Bases whose members are no part of what a subject offers."""
_MOST: Final = 500
"""Members of one definition."""


def offered(module: Module, name: str, node: Node) -> Iterator[Offered]:
    """Yield what a definition offers under a name: first itself, then its members."""
    defined = strip(node) if isinstance(node, Expr) else node
    if isinstance(defined, Class):
        yield from _of_class(module, name, defined)
    elif isinstance(defined, Function):
        note = note_of(module, defined)
        yield Offered(name, "function", _named(module, defined), signature_of(module, defined), note=note)
    else:
        yield from _of_value(module, name, node)


def _of_class(module: Module, name: str, cls: Class) -> Iterator[Offered]:
    note = note_of(module, cls)
    place = _named(module, cls)
    if module.language == "python" and any(isinstance(base, Name) and base.id in _ENUMS for base in cls.bases):
        yield Offered(name, "enum", place, note=note)
        for field in cls.fields[:_MOST]:
            place = locate(module, field)
            yield Offered(f"{name}.{field.name}", "option", place, note=note_of(module, field), owner=name)
        return
    options = choices_of(module, cls)
    if options:
        yield Offered(name, "enum", place, note=note)
        for option in options[:_MOST]:
            yield Offered(f"{name}.{option}", "option", place, owner=name)
        return
    implemented = _is_implemented(name, cls)
    unknown = not _knows_bases(cls)
    text = _alias(module, cls)
    yield Offered(name, cls.kind, place, type=text, implemented=implemented, unknown_bases=unknown, note=note)
    seen: set[str] = set()
    for owner in lineage(cls):
        for member in _members(owner.module, name, owner, implemented=implemented):
            if member.name not in seen:
                seen.add(member.name)
                yield member


def _members(module: Module, name: str, cls: Class, *, implemented: bool) -> Iterator[Offered]:
    """Yield the members that a class itself defines, and that others may use."""
    for field in cls.fields[:_MOST]:
        if not field.private and not field.name.startswith("_"):
            yield _of_field(module, name, field, implemented=implemented)
    times = Counter(method.name for method in cls.methods if method.kind != "setter")
    setters = {method.name for method in cls.methods if method.kind == "setter"}
    for method in cls.methods[:_MOST]:
        if method.private or method.kind == "setter" or _is_hidden(module, method):
            continue
        yield from _assigned(module, name, method)
        getter = method.kind == "getter"
        yield Offered(
            f"{name}.{method.name}",
            "property" if getter else "method",
            _named(module, method),
            None if getter else signature_of(module, method),
            overloaded=times[method.name] > 1,
            type=method.returns if getter else "",
            optional=_is_optional(module, method),
            readonly=getter and method.name not in setters,
            implemented=implemented or _is_abstract(module, method),
            note=note_of(module, method),
            owner=name,
        )


def _assigned(module: Module, name: str, method: Function) -> Iterator[Offered]:
    """Yield the public fields that a constructor of Python makes: ``self.x = …``."""
    if method.name != "__init__":
        return
    owner = method.owner
    for field, assigns in module.scopes.fields(owner).items() if owner is not None else ():
        inside = [one for one in assigns if function_of(one) is method]
        if inside and not field.startswith(("_", "#")):
            yield Offered(f"{name}.{field}", "property", locate(module, inside[0]), type=inside[0].type, owner=name)


def _knows_bases(cls: Class) -> bool:
    """Tell whether every class that one inherits from is in the subject, or has no members of its own."""
    return all(
        _last(base) in _BARE or isinstance(definition(owner.module, base), Class)
        for owner in lineage(cls)
        for base in owner.bases
    )


def _last(base: Expr) -> str:
    plain = base.object if isinstance(base, Index) else base
    return plain.id if isinstance(plain, Name) else plain.name if isinstance(plain, Member) else ""


def _of_field(module: Module, name: str, field: Field, *, implemented: bool) -> Offered:
    return Offered(
        f"{name}.{field.name}",
        "property",
        locate(module, field),
        type=field.type,
        optional=field.optional or "NotRequired[" in field.type,
        readonly=field.readonly,
        default=constant(field.value),
        implemented=implemented,
        note=note_of(module, field),
        owner=name,
    )


def _of_value(module: Module, name: str, node: Node) -> Iterator[Offered]:
    """Yield a constant, and where it is a list or a table of names, each of them."""
    value = strip(node) if isinstance(node, Expr) else node
    place = locate(module, node)
    note = note_of(module, node.parent if isinstance(node.parent, Assign) else node)
    options = list(options_of(value))
    if not options:
        plain = "" if "version" in words(name) else constant(value)  # a version is there to change
        yield Offered(name, "value", place, default=plain if plain != "None" else "", note=note)
        return
    yield Offered(name, "enum", place, note=note)
    for option, at in options[:_MOST]:
        yield Offered(f"{name}.{option}", "option", locate(module, at), owner=name)


def options_of(value: Node) -> Iterator[tuple[str, Expr]]:
    """Yield the names in a list, a set or a table whose values are constants."""
    if isinstance(value, Call) and value.args and value.name in ("Set", "set", "frozenset", "freeze", "tuple"):
        inner = strip(value.args[0])
        yield from options_of(inner) if not isinstance(inner, Call) else ()
    elif isinstance(value, Array):
        if all(isinstance(item, Literal) and isinstance(item.value, str) for item in value.items):
            yield from ((str(item.value), item) for item in value.items if isinstance(item, Literal))
    elif isinstance(value, Object):
        plain = all(key is not None and isinstance(strip(one), Literal) for key, one in value.entries)
        if plain:
            yield from ((str(key.value), key) for key, _ in value.entries if isinstance(key, Literal))


def choices_of(module: Module, cls: Class) -> list[str]:
    """Return the values of a type that is nothing but a choice of texts."""
    text = _alias(module, cls)
    parts = sorted(alternatives(text)) if text else []
    return [part[1:-1] for part in parts] if all(part[:1] == "'" for part in parts) else []


def _alias(module: Module, cls: Class) -> str:
    value = cls.raw.child_by_field_name("value") if cls.kind == "type" else None
    return module.text(value) if value is not None and value.type != "object_type" else ""


def _is_implemented(name: str, cls: Class) -> bool:
    """Tell whether those who use an interface write it themselves."""
    found = words(name.rpartition(".")[2])
    if not found or found[-1] not in _IMPLEMENTED:
        return False
    marks = (*cls.bases, *(one.callee if isinstance(one, Call) else one for one in cls.decorators))
    return cls.kind != "class" or any(_last(mark) in _RECORDS for mark in marks)


def _is_hidden(module: Module, method: Function) -> bool:
    """Tell whether a method is no part of what is offered: protected, or one that the language calls."""
    if method.name.startswith("_") and method.name not in ("__init__", "__call__"):
        return True
    return "protected" in module.text(method.raw)[:60].split("(", 1)[0].split()


def _is_abstract(module: Module, method: Function) -> bool:
    """Tell whether whoever extends a class has to write a method."""
    if "abstract" in module.text(method.raw)[:200].split("(", 1)[0].split():
        return True
    return any(_last(one) == "abstractmethod" for one in method.decorators)


def _is_optional(module: Module, method: Function) -> bool:
    """Tell whether an interface leaves a method to whoever implements it: ``on?(): void``."""
    name = method.raw.child_by_field_name("name")
    after = module.source[name.end_byte : name.end_byte + 1] if name is not None else b""
    return after == b"?"


def _named(module: Module, node: Function | Class) -> Location:
    """Return the place of the name in a definition, or of all of it where it has none."""
    raw = node.raw.child_by_field_name("definition") or node.raw
    name = raw.child_by_field_name("name")
    return locate_raw(module, name if name is not None else raw)
