"""Ports that hand an event on as it is, its sender included, though they know for whom they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, declared_member, definition, named_type
from reviewer.code.syntax import Call, Function, Member, Name, Node, Object, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, inside, walk
from reviewer.experts.communication.events.stamps import STAMPS, is_stamp
from reviewer.experts.communication.vocabulary import PUBLISHES, first_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_IDENTITIES: Final = frozenset({("name",), ("id",), ("key",), ("slug",)})
"""Last words of what says who somebody is."""


def forwarded_events(module: Module) -> Iterator[tuple[Param, str, str]]:
    """Yield the parameter of each such port, the name of its sender, and whom the port knows itself to be for."""
    for call in module.all(Call):
        port = function_of(call)
        if first_word(call.name) not in PUBLISHES or port is None or not call.args:
            continue
        made = port.parent if isinstance(port.parent, Object) else None
        given = strip(call.args[-1])
        bound = module.scopes.lookup(given.id, given) if isinstance(given, Name) else []
        event = bound[0] if len(bound) == 1 else None
        if made is None or not isinstance(event, Param) or event.parent is not port:
            continue
        stamp = _stamp(module, call, len(call.args) - 1)
        known = _known(module, made)
        if stamp and known and not any(is_stamp(key) for one in _records(port) for key, _value in one.entries):
            yield event, stamp, known


def _records(port: Function) -> Iterator[Object]:
    return (node for node in walk(port.body) if isinstance(node, Object))


def _stamp(module: Module, call: Call, position: int) -> str:
    """Return the member by which the type of what is published says who sent it, or an empty string."""
    target = definition(module, call.callee)
    callee = strip(call.callee)
    if not isinstance(target, Function) and isinstance(callee, Member):
        owner = class_of_value(module, callee.object)
        target = declared_member(owner, callee.name) if owner is not None else None
    if not isinstance(target, Function) or position >= len(target.params):
        return ""
    shape = named_type(target.module, target.params[position].type)
    return next((f.name for f in shape.fields if "".join(words(f.name)) in STAMPS), "") if shape is not None else ""


def _known(module: Module, made: Object) -> str:
    """Return whom an object with ports was made for: the ``profile.name`` or ``pluginId`` that its members use."""
    for node in walk(made):
        spelled = node.name if isinstance(node, Member) else node.id if isinstance(node, Name) else ""
        root = strip(node.object) if isinstance(node, Member) else node
        if words(spelled)[-1:] not in _IDENTITIES or not isinstance(root, Name):
            continue
        if root is node and len(words(spelled)) == 1:
            continue
        bound = module.scopes.lookup(root.id, root)
        if bound and isinstance(bound[0], Node) and not inside(bound[0], made):
            return module.text_of(node)
    return ""
