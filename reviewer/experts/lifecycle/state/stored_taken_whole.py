"""LIF008: what a plugin stored comes back and takes the place of what it keeps, whole and with no look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Binary, Call, Cast, Expr, Literal, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.holding.owners import owners
from reviewer.experts.lifecycle.state.restoring import derived, looks_at_shape, speaks_of_format
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_STORES: Final = frozenset({"storage", "store", "memento", "workspace", "kv", "persistence", "vault", "shelf", "data"})
_READS: Final = frozenset({"get", "read", "load", "getItem", "fetch"})
_WRITES: Final = frozenset({"set", "put", "write", "save", "update", "setItem", "store"})
_MERGES: Final = frozenset({"assign", "update"})
_MAKES: Final = frozenset({"dict", "parse", "loads", "structuredClone", "deepcopy", "copy", "String", "str"})
_PLAIN: Final = frozenset({"sorted", "list", "tuple"})
"""What makes a list of what it is given: such a thing has no members that another version would not know."""


@module_check("LIF008", words=_STORES)
def stored_taken_whole(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each read of a store for a field that what was read is put into as it is."""
    if module.is_test or not _is_of_plugin(inquiry, module):
        return
    for read in module.calls(_READS):
        function, name = function_of(read), _held_as(read)
        if function is None or not _of_store(read):
            continue
        written = [call for call in module.calls(_WRITES) if _of_store(call) and _same_key(module, call, read)]
        names, nodes = derived(function, name) if name else set(), list(walk(function.body))
        looked = (node for node in nodes if not (isinstance(node, Call) and _reads_text(module, node)))
        if looks_at_shape(looked, names):
            continue
        if speaks_of_format(node for node in nodes if not isinstance(node, Call)):
            continue
        for node in nodes:
            field = _put_into(node, name, read)
            if field is None or not _is_record(module, field, node, written):
                continue
            if not written and not _is_cast_text(module, node):
                continue
            versioned = speaks_of_format(one for call in written for one in walk(call.args[1:]))
            compared = (
                "the format that is stored with it is not compared"
                if versioned
                else "no format is stored with it"
                if written
                else "no format is compared"
            )
            yield Match(
                node,
                f"What was stored, by whichever version of the plugin, becomes '{module.text_of(field)}' as it is: "
                f"{compared}, and no shape is tested.",
                related=((read, "read here"), *((one, "stored here") for one in written[:1])),
            )
            break


def _is_of_plugin(inquiry: Inquiry, module: Module) -> bool:
    return inquiry.subject.kind == "plugin" or any(owner.plugin for owner in owners(inquiry, module))


def _held_as(read: Call) -> str:
    """Return the variable that what was read is given to, waited for or not."""
    node = read.parent
    while isinstance(node, Await | Cast):
        node = node.parent
    return node.target.id if isinstance(node, Assign) and isinstance(node.target, Name) else ""


def _of_store(call: Call) -> bool:
    """Tell whether a call goes to a store under a fixed key: a text, or a constant."""
    key = strip(call.args[0]) if call.args else None
    fixed = (isinstance(key, Literal) and isinstance(key.value, str)) or (isinstance(key, Name) and key.id.isupper())
    return fixed and call.receiver is not None and not _STORES.isdisjoint(words(last_name(call.receiver)))


def _same_key(module: Module, one: Call, other: Call) -> bool:
    return len(one.args) > 1 and module.text_of(one.args[0]) == module.text_of(other.args[0])


def _put_into(node: object, name: str, read: Call) -> Expr | None:
    """Return the field, or the variable of the file, that a stored thing becomes, or is laid over."""
    if isinstance(node, Assign) and node.value is not None and _is_kept(node.target):
        return node.target if _is_whole(node.value, name, read) else None
    if isinstance(node, Call) and node.name in _MERGES:
        onto = node.args[0] if node.name == "assign" and len(node.args) > 1 else node.receiver
        given = node.args[-1] if node.args else None
        if onto is not None and given is not None and onto is not given and _is_kept(onto):
            return onto if _is_whole(given, name, read) else None
    return None


def _is_kept(target: Expr) -> bool:
    """Tell whether something outlives the function: a field, or a variable that it does not declare itself."""
    target = strip(target)
    if isinstance(target, Member):
        return is_this_member(target)
    return isinstance(target, Name) and _declared(target) is not None


def _declared(name: Name) -> Assign | None:
    """Return the declaration of a variable that a function sets and does not declare itself."""
    here = function_of(name)
    if here is None or here.module.language == "python":
        return None
    scopes = here.module.scopes
    if any(not isinstance(one, Assign) or one.declare for one in scopes.table(here).get(name.id, ())):
        return None
    outer, around = here.outer, [here.outer]
    while outer is not None:
        outer = outer.outer
        around.append(outer)
    bound = (one for function in around for one in scopes.table(function).get(name.id, ()))
    return next((one for one in bound if isinstance(one, Assign) and one.declare), None)


def _is_whole(value: Expr, name: str, read: Call) -> bool:
    """Tell whether a value is a stored thing as it is: cast, parsed, copied, with defaults under it or instead."""
    value = strip(value)
    while isinstance(value, Cast | Await):
        value = strip(value.value)
    if isinstance(value, Binary) and value.op in ("??", "or"):
        return _is_whole(value.left, name, read)
    if isinstance(value, Object):
        return any(key is None and _is_whole(given, name, read) for key, given in value.entries)
    if isinstance(value, Call) and value is not read and value.name in (_MAKES | {"assign"}) and value.args:
        return _is_whole(value.args[-1], name, read)
    return value is read or (name != "" and isinstance(value, Name) and value.id == name)


def _reads_text(module: Module, call: Call) -> bool:
    """Tell whether a call makes an object of a text, whatever it says: it looks at no shape."""
    return module.resolve(call.callee) in ("JSON.parse", "json.loads")


def _is_cast_text(module: Module, node: object) -> bool:
    """Tell whether a text is parsed and then only said to be of a type, whoever wrote it: ``JSON.parse(raw) as Plan``.

    A field that starts with members of its own says the same in JavaScript.
    """
    value = strip(node.value) if isinstance(node, Assign) and node.value is not None else None
    while isinstance(value, Cast):
        value = strip(value.value)
    return isinstance(value, Call) and _reads_text(module, value)


def _is_record(module: Module, field: Expr, node: object, written: list[Call]) -> bool:
    """Tell whether what is stored has members, so that another version may have others."""
    values = [strip(call.args[1]) for call in written]
    if values and all(isinstance(one, Call) and one.name in _PLAIN for one in values):
        return False
    if isinstance(node, Call) or any(isinstance(strip(call.args[1]), Object) for call in written):
        return True
    value = strip(node.value) if isinstance(node, Assign) and node.value is not None else None
    if isinstance(value, Object):
        return True
    first = _first_value(module, strip(field))
    return isinstance(first, Object) and bool(first.entries)


def _first_value(module: Module, field: Expr) -> Expr | None:
    """Return what a field is made with, where that is an object whose members are spelled."""
    cls = class_of(field)
    if isinstance(field, Member) and cls is not None:
        values = [one.value for one in cls.fields if one.name == field.name and one.value is not None]
        return strip(values[0]) if values else None
    made = _declared(field) if isinstance(field, Name) else None
    return strip(made.value) if made is not None and made.value is not None else None
