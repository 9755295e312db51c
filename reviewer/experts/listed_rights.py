"""The rights that a host knows, wherever it lists them: constants, enumerations, types, tables of sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
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
from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.code.text_types import texts_of_type
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.location import Location
from reviewer.experts.drawn import Fact
from reviewer.experts.paths import last_name
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from reviewer.code.module import Module

_RIGHTS: Final = RIGHTS | frozenset("powers power access".split())
_NOT_LISTS: Final = frozenset(
    "label labels text texts words description descriptions default defaults dangerous sensitive risky test example "
    "examples denied forbidden reserved legacy deprecated".split()
)
_ANY_LIST: Final = frozenset("known all list names valid supported available".split())
"""Words of names that say what is listed only together with the name of the file."""
_FEWEST: Final = 3
_STEMS: Final = (".", ":", "/")


class Listed(Fact, frozen=True):
    """The permissions that a host knows."""

    at: Location
    name: str
    names: tuple[str, ...]
    places: tuple[Location, ...] = ()
    """Where each of the names stands, where each has a line of its own."""
    called: tuple[str, ...] = ()
    """What code calls each of the names, where that is a member of the list: ``LIGHTS`` of ``Right.LIGHTS``."""


def lists_in(module: Module) -> Iterator[tuple[Listed, frozenset[int]]]:
    """Yield the constants of a module that list the permissions there are, each with the nodes of the list itself."""
    if _RIGHTS.isdisjoint((*module.words, *words(module.path))):
        return
    for assign in module.all(Assign):
        target = strip(assign.target)
        name = target.id if isinstance(target, Name) else target.name if isinstance(target, Member) else ""
        general = set(words(name)) <= _ANY_LIST and _says_list(module.path.rsplit("/", 1)[-1].split(".")[0])
        if assign.value is not None and function_of(assign) is None and (_says_list(name) or (name and general)):
            yield from _of_value(module, name, assign.value, assign)
    yield from _of_enums(module, named=True)
    for field in module.all(Field):
        if field.value is not None and _says_list(field.name) and field.static:
            yield from _of_value(module, field.name, field.value, field)
    for schema in module.all(Object):
        allowed = schema.get("enum")
        name = _key_around(schema) if allowed is not None else ""
        if allowed is not None and name:
            yield from _of_value(module, name, allowed, allowed)


def _of_enums(module: Module, *, named: bool) -> Iterator[tuple[Listed, frozenset[int]]]:
    """Yield the enumerations of Python that list texts, called after rights or anything else."""
    for cls in module.classes:
        bases = {module.resolve(base).rsplit(".", 1)[-1] for base in cls.bases}
        if bases & {"Enum", "StrEnum"} and _says_list(cls.name) is named:
            members = [(field, said) for field in cls.fields if (said := _key_of(field)) is not None]
            names = tuple(str(said.value) for _field, said in members)
            if len(names) >= _FEWEST:
                inner = frozenset(id(node) for field, _said in members for node in (field, *find(field, Literal)))
                places = tuple(locate(module, field) for field, _said in members)
                called = tuple(field.name for field, _said in members)
                yield Listed(places[0], cls.name, names, places, called), inner


def sentences_in(module: Module) -> Iterator[tuple[Listed, frozenset[int]]]:
    """Yield the constants called after permissions that put each of them into words, or read what is said of it."""
    if _RIGHTS.isdisjoint((*module.words, *words(module.path))):
        return
    for assign in module.all(Assign):
        name = assign.target.id if isinstance(assign.target, Name) else ""
        made = strip(assign.value) if assign.value is not None and _says_list(name) else None
        while isinstance(made, Call) and len(made.args) == 1:
            made = strip(made.args[0])
        if not isinstance(made, Object) or function_of(assign) is not None or len(made.entries) < _FEWEST:
            continue
        keys = [key for key, value in made.entries if isinstance(key, Literal) and (_is_text(value) or _reads(value))]
        if len(keys) == len(made.entries):
            places = tuple(locate(module, key) for key in keys)
            inner = frozenset({id(made), *(id(node) for node in find(made, Expr))})
            yield Listed(locate(module, assign), name, tuple(str(key.value) for key in keys), places), inner


def _is_text(value: Expr) -> bool:
    said = strip(value)
    if isinstance(said, Object):
        return bool(said.entries) and all(is_plain(inner) for _key, inner in said.entries)
    return isinstance(said, Literal) and isinstance(said.value, str) and " " in said.value.strip()


def _reads(value: Expr) -> bool:
    """Tell whether a value reads what is said of one permission: a function of that, or what makes one of a name."""
    made = strip(value)
    if isinstance(made, Function):
        return len(made.params) == 1
    return isinstance(made, Call) and not made.new and bool(made.args) and all(is_plain(one) for one in made.args)


def others_in(module: Module) -> Iterator[tuple[Listed, frozenset[int]]]:
    """Yield the constants at the top of a file that list texts, whatever they are called."""
    for assign in module.all(Assign):
        name = assign.target.id if isinstance(assign.target, Name) else ""
        if name and assign.value is not None and function_of(assign) is None and not _says_list(name):
            yield from _of_value(module, name, assign.value, assign)
    yield from _of_enums(module, named=False)


def types_in(module: Module) -> Iterator[Listed]:
    """Yield the types called after permissions that list the texts there are."""
    for cls in module.classes:
        texts = texts_of_type(module, cls.name) if cls.kind == "type" and _says_list(cls.name) else ()
        if len(texts) >= _FEWEST:
            yield Listed(locate(module, cls), cls.name, tuple(sorted(texts)))
    for assign in module.all(Assign) if module.language == "python" else ():
        target = strip(assign.target)
        name = target.id if isinstance(target, Name) and isinstance(assign.value, Index) else ""
        if name and function_of(assign) is None and _says_list(name):
            texts = texts_of_type(module, name)
            if len(texts) >= _FEWEST:
                yield Listed(locate(module, assign), name, tuple(sorted(texts)))


def type_texts(module: Module) -> Iterator[int]:
    """Yield the nodes of the texts that types of Python list: ``Right = Literal["seats.read", …]``."""
    for assign in module.all(Assign) if module.language == "python" else ():
        made = strip(assign.value) if assign.value is not None else None
        listed = isinstance(made, Index) and isinstance(made.object, Name | Member)
        if isinstance(made, Index) and listed and last_name(made.object) == "Literal":
            yield from (id(one) for one in find(made, Literal))


def _key_around(schema: Object) -> str:
    """Return the member of a schema that lists permissions around a part of it, or an empty string."""
    inner: Node = schema
    for around in ancestors(schema):
        if isinstance(around, Object):
            key = next((key for key, value in around.entries if value is inner), None)
            if isinstance(key, Literal) and _says_list(str(key.value)):
                return str(key.value)
        elif not isinstance(around, Call | Array):
            return ""
        inner = around
    return ""


def _key_of(field: Field) -> Literal | None:
    """Return the text that a member of an enum stands for: itself, or the first of several things."""
    value = strip(field.value) if field.value is not None else None
    first = strip(value.items[0]) if isinstance(value, Array) and value.items else value
    return first if isinstance(first, Literal) and isinstance(first.value, str) else None


def _says_list(name: str) -> bool:
    said = words(name)
    return bool(said) and not _RIGHTS.isdisjoint(said) and _NOT_LISTS.isdisjoint(said)


def _of_value(module: Module, name: str, value: Expr, at: Node) -> Iterator[tuple[Listed, frozenset[int]]]:
    value = strip(value)
    while isinstance(value, Call) and len(value.args) == 1:
        value = strip(value.args[0])
    if isinstance(value, Object):
        yield from _of_members(module, name, value, at)
    if not isinstance(value, Array) or len(value.items) < _FEWEST:
        return
    texts = [item.value for item in value.items if isinstance(item, Literal) and isinstance(item.value, str)]
    if len(texts) == len(value.items):
        yield Listed(locate(module, at), name, tuple(texts)), frozenset(id(item) for item in value.items)


def _of_members(module: Module, name: str, made: Object, at: Node) -> Iterator[tuple[Listed, frozenset[int]]]:
    """Yield the rights that have names of their own: ``{ LIGHTS: "lights", SOUND: "sound" }``, an enumeration."""
    texts = [
        (key, strip(value))
        for key, value in made.entries
        if isinstance(key, Literal) and isinstance(key.value, str) and key.value[:1].isupper()
    ]
    names = [value.value for _key, value in texts if isinstance(value, Literal) and isinstance(value.value, str)]
    if len(names) < _FEWEST or len(names) != len(made.entries) or any(" " in one or not one for one in names):
        return
    inner = frozenset(id(node) for key, value in texts for node in (key, value))
    places = tuple(locate(module, value) for _key, value in texts)
    yield Listed(locate(module, at), name, tuple(names), places, tuple(str(key.value) for key, _value in texts)), inner


def spoken_in(module: Module, inside: frozenset[int]) -> Iterator[str]:
    """Yield what the code of a module speaks of, in lower case: names, members, keys and texts; labels are left out."""
    for literal in module.all(Literal):
        text = literal.value if isinstance(literal.value, str) and len(literal.value) < 60 else ""
        if text and id(literal) not in inside and not _labels(literal):
            yield text.lower()
    for member in module.all(Member):
        yield from _forms(member.name)
    for name in module.all(Name):
        yield from _forms(name.id)
    for function in module.all(Function):
        if id(function) not in inside:  # which is called after the key that it stands under
            yield from _forms(function.name)
        for param in function.params:
            yield from _forms(param.name)
            yield from (form for prop in param.fields for form in _forms(prop))
    for field in module.all(Field):
        if id(field) not in inside:
            yield from _forms(field.name)


def _forms(name: str) -> Iterator[str]:
    said = words(name)
    yield "".join(said)
    yield from said


def _labels(literal: Literal) -> bool:
    """Tell whether a text is a key of a table that only puts names into words."""
    parent = literal.parent
    if not isinstance(parent, Object):
        return False
    return all(is_plain(value) for _key, value in parent.entries)


def is_plain(value: Expr) -> bool:
    """Tell whether a value is a text or a number, or an object of nothing but constants."""
    value = strip(value)
    if isinstance(value, Literal):
        return isinstance(value.value, str | int | float) and not isinstance(value.value, bool)
    return isinstance(value, Object) and all(isinstance(strip(inner), Literal) for _key, inner in value.entries)


def is_spoken(name: str, spoken: Collection[str]) -> bool:
    """Tell whether anything in the code is called like a permission, or like the resource that it is about."""
    stem = name.lower()
    for sign in _STEMS:
        stem = stem.split(sign, 1)[0]
    whole = "".join(words(name))
    forms = {name.lower(), stem, "".join(words(stem)), whole}
    forms |= {form.rstrip("s") for form in forms} | {f"{form}s" for form in forms}
    if any(form in spoken for form in forms if form):
        return True
    return any(text.startswith((f"{name.lower()}.", f"{name.lower()}:", f"{stem}.", f"{stem}:")) for text in spoken)
