"""Whether the field of an object was checked when the object was made, so that every such object holds a good value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import class_of_value, definition
from reviewer.code.scope import is_this_member
from reviewer.code.standing import Standing
from reviewer.code.syntax import Call, Class, Function, If, Index, Literal, Member, Name, Spread, Throw, strip
from reviewer.code.walk import find, walk
from reviewer.core.regex import regex
from reviewer.experts.security.values.guards import limited

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node

_MAKERS: Final = frozenset({"constructor", "__init__", "__post_init__"})
_FITS: Final = frozenset({"match", "fullmatch", "test", "isidentifier"})
_MOST: Final = 20
"""Places where an object is made that are looked at."""


def made_checked(module: Module, value: Expr) -> bool:
    """Tell whether a value is made of fields that the class of their object, or whoever makes one, has checked."""
    members = [node for node in walk(value, into_functions=False) if isinstance(node, Member)]
    return any(_is_checked(module, member) for member in members) or read_checked(module, value)


def read_checked(module: Module, value: Expr) -> bool:
    """Tell whether whoever reads a document refuses it for the very part that is taken: ``read(folder)["id"]``."""
    for part in walk(value, into_functions=False):
        key = strip(part.key) if isinstance(part, Index) else None
        name = key.value if isinstance(key, Literal) else part.name if isinstance(part, Member) else None
        if not isinstance(part, Member | Index) or not isinstance(name, str):
            continue
        made = module.scopes.origin(part.object)
        reader = definition(module, made.callee) if isinstance(made, Call) else None
        if isinstance(reader, Function) and _refuses_document(reader, name):
            return True
    return False


def _read_as(module: Module) -> frozenset[tuple[str, str]]:
    """Return (type, member) for what the functions of a file refuse to read as that type, where a pattern differs.

    ``function asManifest(raw: unknown): Manifest { …; if (!FILE.test(main)) throw …; return { main }; }``
    """
    found: set[tuple[str, str]] = set()
    for function in module.functions:
        kind = _NAMED.search(function.returns)
        names = (
            {name for call in find(function.body, Call) if call.name in _FITS for name in _asked(call)} if kind else ()
        )
        found |= {(str(kind.group(1)), name) for name in names if kind and _refuses_document(function, name)}
    return frozenset(found)


_NAMED: Final = regex(r"([A-Z]\w*)\W*$")
_READERS: Final = Standing("security.read as", _read_as, showing=regex(rb"\.(?:test|match|fullmatch)\(").search)


def _asked(call: Call) -> set[str]:
    """Return the names of what a pattern is held against."""
    parts = [*call.args, *([call.receiver] if call.receiver is not None else [])]
    nodes = [node for part in parts for node in walk(part)]
    return {node.name if isinstance(node, Member) else node.id for node in nodes if isinstance(node, Member | Name)}


def _refuses_document(reader: Function, name: str) -> bool:
    """Tell whether a function throws where a pattern does not fit a part of what it gives."""
    for test in find(reader.body, If, into_functions=False):
        if not exits(test.body) or not any(isinstance(node, Throw) for node in walk(test.body)):
            continue
        for call in find(test.test, Call):
            asked = [*call.args, *([call.receiver] if call.receiver is not None else [])]
            if call.name in _FITS and any(_names(node, name) for arg in asked for node in walk(arg)):
                return True
    return False


def _names(node: Node, name: str) -> bool:
    if isinstance(node, Literal):
        return node.value == name
    return (isinstance(node, Member) and node.name == name) or (isinstance(node, Name) and node.id == name)


def _is_checked(module: Module, member: Member) -> bool:
    cls = class_of_value(module, member.object)
    if cls is None:
        return False
    if cls.kind != "class":
        project = module.project
        return project is not None and any((cls.name, member.name) in told for told in _READERS.of(project))
    if any(_refuses(method, member.name) for method in cls.methods if method.name in _MAKERS):
        return True
    fields = [field.name for field in cls.fields]
    if member.name not in fields:
        return False
    position = fields.index(member.name)
    given = [(call, call.arg(position, member.name)) for call in _makings(cls)]
    given = [(call, arg) for call, arg in given if arg is not None or not _is_read_back(call)] or given
    sure = [argument is not None and _limited(cls, call, argument) for call, argument in given]
    return bool(sure) and all(sure)


def _makings(cls: Class) -> list[Call]:
    """Return where objects of a class are made in its file: by its name, or as ``cls(…)`` in a method of it."""
    own = [
        call
        for method in cls.methods
        for call in find(method.body, Call)
        if isinstance(call.callee, Name) and call.callee.id in ("this", "cls")
    ]
    return [*own, *(call for call in cls.module.calls((cls.name,)) if call.receiver is None)][:_MOST]


def _limited(cls: Class, call: Call, argument: Expr) -> bool:
    return limited(cls.module, [argument], call) or read_checked(cls.module, argument)


def _is_read_back(call: Call) -> bool:
    """Tell whether an object is made again of all that was kept of it: ``Installed(**row)``."""
    return len(call.args) == 1 and not call.keywords and isinstance(call.args[0], Spread)


def _refuses(maker: Function, name: str) -> bool:
    """Tell whether a constructor tests the field, or what it is given for it, and throws."""
    for test in find(maker.body, If, into_functions=False):
        if not exits(test.body) or not any(isinstance(node, Throw) for node in walk(test.body)):
            continue
        for node in walk(test.test):
            if isinstance(node, Member) and is_this_member(node) and node.name == name:
                return True
            if getattr(node, "id", "") == name:
                return True
    return False
