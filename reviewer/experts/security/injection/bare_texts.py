"""Values between tags that are texts which somebody wrote: fields of records, parts of lists, what was waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type
from reviewer.code.reach.made import values_of
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

TEXTS: Final = word_set(
    "title label name caption headline subject summary author username nickname tooltip placeholder description text "
    "message comment note notes body street city address company customer firstname lastname email reason remark "
    "holder sender line lines"
)
"""Last words of fields that hold what a person typed."""
_SHORT: Final = word_set(
    "id ids key slug code kind type class classes color colour href url uri src icon html style css lang locale date "
    "day time version unit digest hash path file level state status markup safe escaped svg content body"
)
"""Last words of texts that the program makes itself, or that are markup by themselves."""
_MADE: Final = frozenset({"html", "safe", "markup", "escaped", "css", "class", "url", "href", "svg"})
_CUTS: Final = frozenset(
    "trim strip slice substring title upper lower toUpperCase toLowerCase toString trimEnd trimStart".split()
)
"""Calls that leave the signs of a text as they are."""
_EACH: Final = frozenset({"map", "flatMap", "forEach"})
_TEXT_TYPES: Final = frozenset({"str", "string"})
_DEEPEST: Final = 4


def as_given(hole: Expr) -> Expr:
    """Return the value that stands in a hole, without what is put there in its absence and without cuts of it."""
    value = strip(hole)
    while True:
        if isinstance(value, Binary) and value.op in ("??", "or", "||"):
            value = strip(value.left)
        elif isinstance(value, Conditional):
            value = strip(value.other if isinstance(value.then, Literal) else value.then)
        elif isinstance(value, Call) and value.name in _CUTS and value.receiver is not None:
            value = strip(value.receiver)
        elif isinstance(value, Call) and value.name in ("String", "str") and len(value.args) == 1:
            value = strip(value.args[0])
        else:
            return value


def is_bare_text(module: Module, hole: Expr) -> bool:
    """Tell whether a hole is a text of a record that came from somewhere else, as it came."""
    return _is_bare(module, hole, 0)


def _is_bare(module: Module, hole: Expr, depth: int) -> bool:
    value = strip(as_given(hole))
    if depth > _DEEPEST or not isinstance(value, Member | Name | Index):
        return False
    if isinstance(value, Name):
        return _is_bare_name(module, value, depth)
    said = words(value.name) if isinstance(value, Member) else _key_words(value)
    return _is_text(module, value, said) and _came(module, value.object, depth)


def _is_bare_name(module: Module, name: Name, depth: int) -> bool:
    """Tell whether a name holds such a text: taken out of a record, or one of a list of them."""
    bound = module.scopes.lookup(name.id, name)
    if not bound:
        return False
    for one in bound:
        if isinstance(one, Param) and name.id in one.fields.values():
            if not _is_text(module, name, words(name.id)):
                return False
        elif isinstance(one, Param):
            parts = _parts(module, one)
            listed = any(_is_bare(module, part, depth + 1) for part in parts)
            if not listed and (parts or not _is_of_given(module, one, name, depth)):
                return False
        elif isinstance(one, For | Comprehension):
            if not _is_text(module, name, words(name.id)):
                return False
        elif (
            not isinstance(one, Assign)
            or one.value is None
            or (not _is_bare(module, one.value, depth + 1) and not _is_called_text(module, name, one.value, depth))
        ):
            return False
    return True


def _is_called_text(module: Module, name: Name, taken: Expr, depth: int) -> bool:
    """Tell whether what is taken out of a record gets the name of a text: ``const { heading: title } = await …``."""
    taken = strip(taken)
    said = words(name.id)
    return (
        isinstance(taken, Member | Index)
        and said[-1:] != ()
        and said[-1] in TEXTS
        and not set(said) & _MADE
        and declared_type(module, taken) in ("", *_TEXT_TYPES)
        and _came(module, taken.object, depth)
    )


def _parts(module: Module, param: Param) -> list[Expr]:
    """Return the items of the list whose every item a function is run with: ``[flat, sender].map((cell) => …)``."""
    each = _each_of(param)
    if each is None or each.receiver is None:
        return []
    return [
        item for _where, value in values_of(module, each.receiver) if isinstance(value, Array) for item in value.items
    ]


def _is_of_given(module: Module, param: Param, name: Name, depth: int) -> bool:
    """Tell whether a callback gets each text of a list that was given: ``notes.map((note) => …)``."""
    each = _each_of(param)
    said = words(name.id)
    return (
        each is not None
        and each.receiver is not None
        and not TEXTS.isdisjoint(said[-1:])
        and _is_text(module, name, said)
        and _came(module, each.receiver, depth)
    )


def _each_of(param: Param) -> Call | None:
    """Return the call that runs a callback with each item of a list, of whose first parameter this is."""
    function = param.parent
    each = function.parent if isinstance(function, Function) and function.params[:1] == [param] else None
    return each if isinstance(each, Call) and each.name in _EACH and function is each.arg(0) else None


def _is_text(module: Module, value: Expr, said: tuple[str, ...]) -> bool:
    """Tell whether a field holds text, by its declared type or else by its name."""
    if not said or set(said) & _MADE:
        return False
    kind = declared_type(module, value).removeprefix("readonly ").strip()
    if kind:
        return kind in _TEXT_TYPES and said[-1] not in _SHORT - TEXTS and said[-1] not in _of_fixed(module) - TEXTS
    return said[-1] in TEXTS


def _of_fixed(module: Module) -> frozenset[str]:
    """Return the last words of what the file holds against a list of its own texts: ``row.get("grade") in GRADES``."""
    return module.once("security.of_fixed", lambda: frozenset(_held_against(module)))


def _held_against(module: Module) -> Iterator[str]:
    for node in module.some(Binary, Call):
        if isinstance(node, Binary) and node.op in ("in", "not in"):
            whole, part = strip(node.right), strip(node.left)
        elif isinstance(node, Call) and node.name in ("index", "indexOf", "includes", "has") and len(node.args) == 1:
            whole, part = strip(node.receiver) if node.receiver is not None else node, strip(node.args[0])
        else:
            continue
        made = module.scopes.origin(whole)
        if isinstance(made, Array) and made.items and all(isinstance(one, Literal) for one in made.items):
            key = part.args[0] if isinstance(part, Call) and part.name == "get" and part.args else None
            said = words(str(key.value)) if isinstance(key, Literal) else last_words(part)
            yield from said[-1:]


def _came(module: Module, holder: Expr, depth: int) -> bool:
    """Tell whether a record was given, is one of many, or had to be waited for."""
    root = holder
    while isinstance(root, Member | Index | Await):
        root = root.value if isinstance(root, Await) else strip(root.object)
    if isinstance(holder, Await) and isinstance(root, Call):
        return True
    bound = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    return bool(bound) and all(_brings(module, one, depth) for one in bound)


def _brings(module: Module, binding: object, depth: int) -> bool:
    if isinstance(binding, Param | For | Comprehension):
        return True
    value = binding.value if isinstance(binding, Assign) else None
    if isinstance(value, Await):
        return isinstance(strip(value), Call)
    if isinstance(value, Member | Index):
        return depth < _DEEPEST and _came(module, value.object, depth + 1)
    asked = strip(value) if value is not None else None
    called = strip(asked.callee) if isinstance(asked, Call) else None
    given = module.scopes.lookup(called.id, called) if isinstance(called, Name) else []
    return bool(given) and all(
        isinstance(one, Param | For) for one in given
    )  # what a function that was handed over says


def _key_words(index: Index) -> tuple[str, ...]:
    key = index.key
    return words(key.value) if isinstance(key, Literal) and isinstance(key.value, str) else ()


def has_tag(made: Template) -> bool:
    """Tell whether a text with holes has a tag of markup in it."""
    return any(isinstance(item, Literal) and "<" in str(item.value) and ">" in str(item.value) for item in made.items)
