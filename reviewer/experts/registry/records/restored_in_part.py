"""REG064: what is saved is not all restored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Call,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    Spread,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of, walk
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SAVES: Final = frozenset("save snapshot dump serialize serialise export persist backup store write checkpoint".split())
_RESTORES: Final = frozenset(
    "restore load hydrate deserialize deserialise import revive resume open read recover reload from".split()
)
_IMPORTS: Final = frozenset("import restore hydrate deserialize deserialise revive recover from".split())
"""First words of what takes in again what was exported."""
_TURNS: Final = frozenset({("to", "dict"), ("to", "json"), ("as", "dict"), ("to", "state"), ("get", "state")})
"""Names of functions that turn an object into what can be written."""
_ASIDE: Final = frozenset(
    "version format schema saved at time timestamp date checksum digest count generated comment by host updated "
    "created kind type".split()
)
"""Words of members that describe the file and are no state."""


@module_check("REG064", words=_SAVES | {"to", "dict", "json", "state"})
def restored_in_part(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the members that a class, or a file, saves with those that it reads back."""
    if module.is_test:
        return
    for saving in module.functions:
        turned = words(saving.name) in _TURNS
        if not set(words(saving.name)[:1]) & _SAVES and not turned:
            continue
        saved = _saved(saving)
        if len(saved) < 2:
            continue
        for restoring in _beside(saving):
            if words(saving.name)[:1] == ("export",) and not set(words(restoring.name)[:1]) & _IMPORTS:
                continue  # what is exported is shown to others, and loaded from another place
            read = _read(module, restoring, saved)
            lost = [name for name in saved if name not in read and not set(words(name)) & _ASIDE]
            if turned:
                lost = [name for name in lost if _is_own_state(saving, name)]
            if read and lost and not _passed_on(restoring, lost) and not _read_by_others(inquiry, restoring, lost[0]):
                yield Match(
                    restoring.body[0] if restoring.body else restoring,
                    f"'{saving.name}' saves '{lost[0]}', and '{restoring.name}' never reads it: after a restart it is "
                    "empty.",
                    related=((saving, "saved here"),),
                )


def _is_own_state(saving: Function, name: str) -> bool:
    """Tell whether a member that is written is a field of the object, and not worked out for its readers."""
    cls = class_of(saving)
    made = next(iter(find(saving.body, Object, into_functions=False)), None)
    value = made.get(name) if made is not None else None
    if cls is None or value is None:
        return False
    fields = {field.name for field in cls.fields} | set(saving.module.scopes.fields(cls))
    return any(is_this_member(node) and node.name in fields for node in find(value, Member))


def _saved(function: Function) -> list[str]:
    """Return the members of the one object that a function writes down or gives back."""
    found = [node for node in find(function.body, Object, into_functions=False) if _is_whole(node)]
    if len(found) != 1 or found[0].spreads:
        return []
    # What is a constant says of what kind the record is, and is no state.
    return [key for key in found[0].keys if not isinstance(found[0].get(key), Literal)]


def _is_whole(node: Object) -> bool:
    """Tell whether an object is what is written: returned, put into text, or kept in a variable for that."""
    around = node.parent
    if isinstance(around, Call):
        return around.name in _TO_TEXT or (around.name in _KEEPS and around.args[-1] is node)
    if isinstance(around, Assign):
        return isinstance(around.target, Name)
    return isinstance(around, Return)


_LOOKS: Final = frozenset(
    "parse loads load isArray isinstance validate String readFile readFileSync open existsSync exists Path join "
    "access stat get getItem".split()
)
"""Calls that read or test what was saved, and keep nothing of it."""
_KEEPS: Final = frozenset({"set", "setItem", "put", "write", "save", "store", "update"})
"""Calls that put the last thing they are given into a store."""
_TO_TEXT: Final = frozenset({"stringify", "dumps", "dump", "safe_dump", "encode"})


def _beside(saving: Function) -> list[Function]:
    cls = class_of(saving)
    scope = saving.outer
    return [
        function
        for function in saving.module.functions
        if function is not saving
        and class_of(function) is cls
        and function.outer is scope
        and set(words(function.name)[:1]) & _RESTORES
    ]


def _read(module: Module, function: Function, saved: list[str]) -> set[str]:
    """Return which of the saved members a function reads from something that isn't its own object."""
    found: set[str] = set()
    for node in walk(function):
        if isinstance(node, Param):
            found.update(name for name in node.fields if name in saved)
        elif isinstance(node, Member) and node.name in saved and not _is_own(module, node.object):
            found.add(node.name)
        elif isinstance(node, Index) and isinstance(node.key, Literal) and node.key.value in saved:
            found.add(str(node.key.value))
        elif isinstance(node, Call) and node.name in ("get", "pop") and node.args:
            key = node.args[0]
            if isinstance(key, Literal) and key.value in saved:
                found.add(str(key.value))
    return found


def _is_own(module: Module, expr: Node) -> bool:
    """Tell whether an expression is the object itself, under another name, too: ``const project = this``."""
    if not isinstance(expr, Name):
        return False
    made = expr if expr.id == "this" else module.scopes.origin(expr)
    return isinstance(made, Name) and made.id == "this"


def _read_by_others(inquiry: Inquiry, restoring: Function, lost: str) -> bool:
    """Tell whether somebody else reads the same file, by the same helper, and takes the member that is missed here.

    What only one member is asked of here is looked up, and restored where the rest is read.
    """
    if any(is_this_member(one.target) for one in find(restoring.body, Assign)):
        return False
    helpers = {call.name for call in find(restoring.body, Call) if words(call.name)[:1] and len(words(call.name)) > 1}
    readers = {name for name in helpers if set(words(name)[:1]) & (_RESTORES | {"parse", "get", "fetch"})}
    for name in sorted(readers):
        for other in inquiry.project.modules(naming={name}, tests=False):
            for call in other.calls((name,)):
                function = function_of(call)
                if function is None or function.raw.start_byte == restoring.raw.start_byte:
                    continue
                if any(one.name == lost for one in find(function.body, Member)):
                    return True
    return False


def _passed_on(function: Function, lost: list[str]) -> bool:
    """Tell whether what was read is handed on as a whole, or a lost member is named after all."""
    parsed: set[str] = set()
    for assign in find(function.body, Assign, into_functions=False):
        value = strip(assign.value) if assign.value is not None else None
        if isinstance(assign.target, Name) and isinstance(value, Call):
            parsed.add(assign.target.id)
    parsed |= {param.name for param in function.params}
    for node in walk(function.body):
        if isinstance(node, Literal) and node.value in lost:
            return True
        if isinstance(node, Spread) and isinstance(node.value, Name) and node.value.id in parsed:
            return True  # all of it goes on: ``Sheet(**saved)``
        handed = isinstance(node, Call) and any(isinstance(arg, Name) and arg.id in parsed for arg in node.args)
        if handed and getattr(node, "name", "") not in _LOOKS:
            return True
        if isinstance(node, Assign) and isinstance(node.value, Name) and node.value.id in parsed:
            return True
    return False
