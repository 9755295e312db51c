"""FUN018: a permission that can be asked for and granted, and that opens nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Comprehension,
    Expr,
    Field,
    For,
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
from reviewer.experts.check import Match, subject_check
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.fundamentals.refusing import guards_of, told_in
from reviewer.experts.place import locate
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RIGHTS: Final = RIGHTS | frozenset("powers power access".split())
_NOT_LISTS: Final = frozenset(
    "label labels text texts words description descriptions default defaults dangerous sensitive risky test example "
    "examples denied forbidden reserved legacy deprecated".split()
)
_ANY_LIST: Final = frozenset("known all list names valid supported available".split())
"""Words of names that say what is listed only together with the name of the file."""
_FEWEST: Final = 3
_ASKED: Final = 2
"""Texts of a list that are told to what refuses, by which it is a list of permissions."""
_STEMS: Final = (".", ":", "/")


class _Listed(Fact, frozen=True):
    """The permissions that a host knows."""

    at: Location
    name: str
    names: tuple[str, ...]
    places: tuple[Location, ...] = ()
    """Where each of the names stands, where each has a line of its own."""


class _Lists(Fact, frozen=True):
    """The lists of permissions of one file, and whether services are picked by the names in one of them."""

    lists: tuple[_Listed, ...]
    dynamic: bool
    sentences: tuple[_Listed, ...] = ()
    """Tables that put permissions into words, which are a list where there is no other."""
    types: tuple[_Listed, ...] = ()
    """Types that list the texts that a permission may be."""
    others: tuple[_Listed, ...] = ()
    """Constants that list texts under a name that says nothing of permissions."""
    guards: tuple[str, ...] = ()
    """Functions that refuse by what somebody was granted."""
    told: tuple[tuple[str, str], ...] = ()
    """Functions that are called with a text, each with the text."""


@subject_check("FUN018")
def permission_without_service(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the lists of permissions against all that the code speaks of."""
    if inquiry.subject.kind != "host":
        return
    drawn = list(_LISTS.of(inquiry))
    lists = [listed for one in drawn for listed in one.lists]
    lists = lists or [listed for one in drawn for listed in one.sentences] or _asked_of(drawn)
    same = {frozenset(one.names) for one in lists}  # a schema may repeat what a constant lists
    if len(same) != 1 or any(one.dynamic for one in drawn):
        return
    listed = lists[0]
    spoken = _spoken(inquiry, {one.at for one in lists})
    idle = [name for name in listed.names if not is_spoken(name, spoken)]
    if not idle or len(listed.names) - len(idle) < max(1, len(idle)):
        return
    shown = " and ".join(f"'{name}'" for name in idle[:3])
    verb = "opens" if len(idle) == 1 else "open"
    row = dict(zip(listed.names, listed.places, strict=False)).get(idle[0], listed.at)
    typed = next((kind.at for one in drawn for kind in one.types if frozenset(kind.names) in same), None)
    yield Match(
        typed or row,
        f"{shown} can be asked for and granted ('{listed.name}'), but {verb} nothing: no service of the host looks at "
        f"{'it' if len(idle) == 1 else 'them'}.",
        related=((row, "listed here"),) if typed is not None else (),
    )


def _asked_of(drawn: list[_Lists]) -> list[_Listed]:
    """Return the lists that are called anything, where what refuses is told of most that stands in one of them."""
    guards = {name for one in drawn for name in one.guards}
    told = {text for one in drawn for name, text in one.told if name in guards}
    found = [listed for one in drawn for listed in one.others if len(told & set(listed.names)) >= _ASKED]
    return [one for one in found if len(told & set(one.names)) * 2 > len(one.names)]


def _draw(inquiry: Inquiry, module: Module) -> _Lists | None:
    if inquiry.subject.kind != "host" or is_tooling(module.path):
        return None
    found = [listed for listed, _values in _lists(module)]
    worded = [listed for listed, _values in _worded(module) if not _chosen_by_name(module, listed)]
    others = [listed for listed, _values in _unnamed(module) if not _chosen_by_name(module, listed)]
    made = _Lists(
        tuple(found),
        any(_chosen_by_name(module, listed) for listed in found),
        tuple(worded),
        tuple(_types(module)),
        tuple(others),
        tuple(guards_of(module)),
        tuple(told_in(module)),
    )
    return made if made != _NOTHING else None


_NOTHING: Final = _Lists((), dynamic=False)
_LISTS: Final = Drawn("fundamentals.permissions", _draw, _Lists, tests=False)


def _spoken(inquiry: Inquiry, lists: Collection[Location]) -> set[str]:
    """Return all that the code speaks of, lists of permissions apart."""
    spoken: set[str] = set()
    for module in inquiry.project.modules(tests=False):
        if not is_tooling(module.path):
            listing = (*_lists(module), *_worded(module), *(one for one in _unnamed(module) if one[0].at in lists))
            inside = frozenset(node for _listed, values in listing for node in values)
            spoken.update(spoken_in(module, inside))
    return spoken


def _lists(module: Module) -> Iterator[tuple[_Listed, frozenset[int]]]:
    """Yield the constants of a module that list the permissions there are, each with the nodes of the list itself."""
    if _RIGHTS.isdisjoint((*module.words, *words(module.path))):
        return
    for assign in module.all(Assign):
        target = strip(assign.target)
        name = target.id if isinstance(target, Name) else target.name if isinstance(target, Member) else ""
        general = set(words(name)) <= _ANY_LIST and _says_list(module.path.rsplit("/", 1)[-1].split(".")[0])
        if assign.value is not None and function_of(assign) is None and (_says_list(name) or (name and general)):
            yield from _of_value(module, name, assign.value, assign)
    for cls in module.classes:
        bases = {module.resolve(base).rsplit(".", 1)[-1] for base in cls.bases}
        if bases & {"Enum", "StrEnum"} and _says_list(cls.name):
            members = [(field, said) for field in cls.fields if (said := _key_of(field)) is not None]
            names = tuple(str(said.value) for _field, said in members)
            if len(names) >= _FEWEST:
                inner = frozenset(id(node) for field, _said in members for node in (field, *find(field, Literal)))
                places = tuple(locate(module, field) for field, _said in members)
                yield _Listed(places[0], cls.name, names, places), inner
    for field in module.all(Field):
        if field.value is not None and _says_list(field.name) and field.static:
            yield from _of_value(module, field.name, field.value, field)
    for schema in module.all(Object):
        allowed = schema.get("enum")
        name = _key_around(schema) if allowed is not None else ""
        if allowed is not None and name:
            yield from _of_value(module, name, allowed, allowed)


def _worded(module: Module) -> Iterator[tuple[_Listed, frozenset[int]]]:
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
            yield _Listed(locate(module, assign), name, tuple(str(key.value) for key in keys), places), inner


def _is_text(value: Expr) -> bool:
    said = strip(value)
    if isinstance(said, Object):
        return bool(said.entries) and all(_plain(inner) for _key, inner in said.entries)
    return isinstance(said, Literal) and isinstance(said.value, str) and " " in said.value.strip()


def _reads(value: Expr) -> bool:
    """Tell whether a value reads what is said of one permission: a function of that, or what makes one of a name."""
    made = strip(value)
    if isinstance(made, Function):
        return len(made.params) == 1
    return isinstance(made, Call) and not made.new and bool(made.args) and all(_plain(one) for one in made.args)


def _unnamed(module: Module) -> Iterator[tuple[_Listed, frozenset[int]]]:
    """Yield the constants at the top of a file that list texts, whatever they are called."""
    for assign in module.all(Assign):
        name = assign.target.id if isinstance(assign.target, Name) else ""
        if name and assign.value is not None and function_of(assign) is None and not _says_list(name):
            yield from _of_value(module, name, assign.value, assign)


def _types(module: Module) -> Iterator[_Listed]:
    """Yield the types called after permissions that list the texts there are."""
    for cls in module.classes:
        texts = texts_of_type(module, cls.name) if cls.kind == "type" and _says_list(cls.name) else ()
        if len(texts) >= _FEWEST:
            yield _Listed(locate(module, cls), cls.name, tuple(sorted(texts)))


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


def _of_value(module: Module, name: str, value: Expr, at: Node) -> Iterator[tuple[_Listed, frozenset[int]]]:
    value = strip(value)
    while isinstance(value, Call) and len(value.args) == 1:
        value = strip(value.args[0])
    if not isinstance(value, Array) or len(value.items) < _FEWEST:
        return
    texts = [item.value for item in value.items if isinstance(item, Literal) and isinstance(item.value, str)]
    if len(texts) == len(value.items):
        yield _Listed(locate(module, at), name, tuple(texts)), frozenset(id(item) for item in value.items)


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
    return all(_plain(value) for _key, value in parent.entries)


def _plain(value: Expr) -> bool:
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


def _chosen_by_name(module: Module, listed: _Listed) -> bool:
    """Tell whether services are picked by the name of the permission: ``context[right] = services[right]``."""
    loops: list[tuple[Node, list[Expr | None]]] = [(loop, [loop.iterable]) for loop in module.all(For)]
    loops += [(made, [iterable for _target, iterable in made.clauses]) for made in module.all(Comprehension)]
    for node, iterables in loops:
        if any(one is not None and listed.name in module.text_of(one) for one in iterables) and _indexes(module, node):
            return True
    for call in module.calls(("map", "forEach", "filter", "flatMap", "reduce")):
        if call.receiver is not None and listed.name in module.text_of(call.receiver) and _indexes(module, call):
            return True
    return False


def _indexes(module: Module, node: Node) -> bool:
    for index in find(node, Index):
        if isinstance(strip(index.key), Literal):
            continue
        held = module.scopes.origin(index.object)
        while isinstance(held, Call) and len(held.args) == 1:
            held = strip(held.args[0])
        if not (isinstance(held, Object) and held.entries and all(_plain(v) for _k, v in held.entries)):
            return not any(isinstance(around, Call) and around.name == "includes" for around in ancestors(index))
    return False
