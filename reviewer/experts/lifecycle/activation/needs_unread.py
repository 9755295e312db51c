"""LIF101: what a plugin needs is written down where the plugin is known, and nobody reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Expr,
    Field,
    For,
    Function,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Spread,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_NEEDS: Final = frozenset({"requires", "needs", "wants", "dependencies", "depends", "prerequisites", "after"})
_BESIDE: Final = frozenset("id name version entry main target factory start module state priority exports file".split())
"""Other members of a record that tells of a plugin."""
_MAKES: Final = frozenset("create factory make setup init initialize boot install".split())
_WRITES: Final = frozenset("stringify dumps dump write save send json".split())
_LEAST: Final = 2


@module_check("LIF101", words=HOOK_WORDS | _MAKES)
def needs_unread(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each record of a plugin for needs that are kept in it and read by no file, while plugins are started."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    recorded = dict(_recorded(module))
    if not recorded or not _starts_all(module):
        return
    for name, place in recorded.items():
        if not _is_read(inquiry, name):
            yield Match(
                place,
                f"'{name}' is kept of each plugin, and no line reads it: plugins are started in any order, and also "
                "where what they need is missing.",
                confidence=Confidence.LIKELY,
            )


def _recorded(module: Module) -> Iterator[tuple[str, Node]]:
    """Yield the needs that a file writes into a record beside the id of the plugin, with the place."""
    for made in module.all(Object):
        if len(_BESIDE & set(made.keys)) < _LEAST or _is_text(made):
            continue
        for key, value in made.entries:
            name = key.value if isinstance(key, Literal) else ""
            if isinstance(name, str) and _says_needs(name) and not _is_fixed(value):
                yield name, value
    for call in module.all(Call):
        shape = definition(module, call.callee) if call.args or call.keywords else None
        for field in shape.fields if isinstance(shape, Class) and shape.module is module else ():
            beside = _BESIDE & {one.name for one in shape.fields} if isinstance(shape, Class) else ()
            if _says_needs(field.name) and len(beside) >= _LEAST:
                yield field.name, field


def _is_text(made: Object) -> bool:
    """Tell whether a record is written out as text, as the manifest of a new package is."""
    return any(isinstance(one, Call) and set(words(one.name)[:1]) & _WRITES for one in ancestors(made))


def _says_needs(name: str) -> bool:
    said = words(name)
    return bool(said) and (said[-1] in _NEEDS or said == ("depends", "on")) and len(said) <= _LEAST


def _is_fixed(value: Expr) -> bool:
    """Tell whether a value is written out: the host's own list, and nothing that a plugin has said."""
    held = strip(value)
    copied = isinstance(held, Array) and any(isinstance(item, Spread) for item in held.items)
    return isinstance(held, Literal | Array) and not copied


def _starts_all(module: Module) -> bool:
    """Tell whether a loop of the file starts one plugin after the other."""
    return any(
        is_starter(call.name) or bool(set(words(call.name)[:1]) & _MAKES)
        for loop in module.all(For)
        for call in calls_in(loop.body)
    )


def _is_read(inquiry: Inquiry, name: str) -> bool:
    """Tell whether a file takes what is kept under the name from anything, the record itself left out."""
    return any(
        not module.is_test and _reads(module, node, name)
        for module in inquiry.project.modules(naming={name})
        for node in module.some(Member, Literal, Name, Param)
    )


def _reads(module: Module, node: Node, name: str) -> bool:
    if isinstance(node, Param):
        return False if node.name == name else name in node.fields and not _hands_over(node, name)
    said = getattr(node, "value" if isinstance(node, Literal) else "name" if isinstance(node, Member) else "id")
    if said != name:
        return False
    if isinstance(node, Member) and isinstance(node.parent, Assign) and node.parent.target is node:
        return False
    return not _in_record(module, node, name)


def _hands_over(param: Param, name: str) -> bool:
    """Tell whether a function that takes a record apart only puts this part into another record."""
    function = param.parent
    local = param.fields.get(name, name)
    if not isinstance(function, Function):
        return False
    uses = [one for one in find(function.body, Name) if one.id == local]
    return all(_in_record(function.module, one, name) for one in uses)


def _in_record(module: Module, node: Node, name: str) -> bool:
    """Tell whether a node is the key, or a part of the value, of the member of a record that keeps the needs."""
    inner = node
    for around in ancestors(node):
        if isinstance(around, Object):
            return any((key is inner or value is inner) and _is_key(key, name) for key, value in around.entries)
        if isinstance(around, Call) and inner is not around.callee:
            shape = definition(module, around.callee)
            if isinstance(shape, Class) and any(field.name == name for field in shape.fields):
                return True
        if isinstance(around, Field):
            return around.name == name
        if isinstance(around, Function):
            return False
        inner = around
    return False


def _is_key(key: Expr | None, name: str) -> bool:
    return isinstance(key, Literal) and key.value == name
