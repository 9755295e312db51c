"""Functions that check a manifest member by member: which members they read, and whether they look at the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee, definition, named_type
from reviewer.code.syntax import (
    Assert,
    Assign,
    Binary,
    Call,
    Class,
    Comprehension,
    Conditional,
    Expr,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Spread,
    Throw,
    Unary,
    strip,
)
from reviewer.code.walk import ancestors, find, function_of, inside
from reviewer.experts.api.manifest_shapes import is_manifest
from reviewer.experts.api.vocabulary import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.bindings import Binding
    from reviewer.code.module import Module

_ENOUGH: Final = 2
"""Members that are looked at from which on a function checks what it reads."""
_KINDS: Final = frozenset("test match fullmatch exec search isinstance isArray includes isInteger".split())
_HARMLESS: Final = frozenset(
    "isinstance isArray freeze structuredClone deepcopy copy dict Map Object MappingProxyType String str repr typeof "
    "type bool Boolean stringify dumps debug info warn warning error log cast get getattr is_dict isObject isRecord "
    "isPlainObject TypeError ValueError Error".split()
)
"""Calls that are given the whole and look at none of its members."""
_ENUMERATE: Final = frozenset(
    "keys entries items getOwnPropertyNames ownKeys set frozenset sorted len list pop difference fields".split()
)
_DEEPEST: Final = 2


class Parser(Struct):
    """A function that reads and checks members of one thing; ``reads`` are the places by member."""

    function: Function
    root: Binding
    reads: dict[str, list[Expr]] = field(default_factory=dict)
    checked: set[str] = field(default_factory=set)

    @property
    def made(self) -> Object | None:
        """The record that is made of what is read and has nothing else, where there is one."""
        record = self.at
        return record if isinstance(record, Object) and not record.spreads else None

    @property
    def at(self) -> Node:
        """The record that is made of what is read, else the first place that reads."""
        places = sorted((one for many in self.reads.values() for one in many), key=lambda node: node.start)
        for place in places:
            for around in ancestors(place):
                if around is self.function:
                    break
                if isinstance(around, Object) and len(around.entries) > _ENOUGH:
                    return around
                if isinstance(around, Call) and len(around.keywords) > _ENOUGH:
                    return around
        return places[0]


def hand_parsers(module: Module) -> Iterator[Parser]:
    """Yield the functions of a module that check a manifest by hand, each with what it reads."""
    for function in module.functions:
        found: dict[int, Parser] = {}
        for key, whole, node in _reads(module, function):
            root = _root(module, whole)
            if root is None or not _is_raw(module, root):
                continue
            parser = found.setdefault(id(root), Parser(function, root))
            parser.reads.setdefault(key, []).append(node)
        for param in function.params:
            if len(param.fields) > _ENOUGH:
                found[id(param)] = _taken_apart(module, function, param)
        called = f"{function.name} {function.returns} {function.owner.name if function.owner else ''}"
        for parser in found.values():
            if is_manifest([*parser.reads], called) and _checks(module, parser) and _refuses(module, function):
                yield parser


def _checks(module: Module, parser: Parser) -> bool:
    """Tell whether enough of what a function reads is looked at, and note what is."""
    for key, places in parser.reads.items():
        if any(_is_checked(module, parser.function, place) for place in places):
            parser.checked.add(key)
    return len(parser.checked) >= _ENOUGH


def _taken_apart(module: Module, function: Function, param: Param) -> Parser:
    """Read what a parameter takes apart: ``({ id, version, entry }) => …``."""
    parser = Parser(function, param)
    for use in find(function.body, Name):
        if use.id in param.fields and module.scopes.lookup(use.id, use)[:1] == [param]:
            parser.reads.setdefault(use.id, []).append(use)
    return parser


def _reads(module: Module, function: Function) -> Iterator[tuple[str, Name, Expr]]:
    """Yield the members that a function takes by their names: each with of what, and where."""
    for node in find(function.body, Member | Index | Call):  # type: ignore[arg-type]  # a union works as a kind
        if isinstance(node, Call) and node.name not in ("get", "pop"):
            whole = next((strip(arg) for arg in node.args if isinstance(strip(arg), Name)), None)
            keys = [arg.value for arg in node.args if isinstance(arg, Literal) and isinstance(arg.value, str)]
            helper = callee(module, node) if isinstance(whole, Name) and keys else None
            if isinstance(whole, Name) and helper is not None:
                yield keys[0], whole, node
            continue
        base = strip(node.receiver) if isinstance(node, Call) and node.receiver is not None else None
        base = strip(node.object) if isinstance(node, Member | Index) else base
        key = spelled(node)
        if key and isinstance(base, Name) and not (isinstance(node, Member) and _is_called(node)):
            yield key, base, node


def _is_called(node: Member) -> bool:
    return isinstance(node.parent, Call) and node.parent.callee is node


def _is_checked(module: Module, function: Function, node: Expr) -> bool:
    """Tell whether what is read is held against something: here, under the name that it is given, or by a helper."""
    if isinstance(node, Call) and node.name not in ("get", "pop"):
        helper = callee(module, node)
        return helper is not None and _refuses(helper.module, helper)
    if _in_test(module, node):
        return True
    given = node.parent if isinstance(node.parent, Assign) and isinstance(node.parent.target, Name) else None
    name = given.target.id if given is not None and isinstance(given.target, Name) else ""
    return bool(name) and any(
        use.id == name and _in_test(module, use) and module.scopes.lookup(use.id, use)[:1] == [given]
        for use in find(function.body, Name)
    )


def _in_test(module: Module, node: Expr) -> bool:
    inner: Node = node
    kinds = False
    for around in ancestors(node):
        kinds = kinds or (isinstance(around, Call) and around.name in _KINDS)
        kinds = kinds or (isinstance(around, Unary) and around.op == "typeof")
        if isinstance(around, If | Conditional | Assert):
            return kinds and inner is around.test
        if kinds and isinstance(around, Call) and around.name not in _KINDS and inner is not around.callee:
            refuses = callee(module, around)
            if refuses is not None and _refuses(refuses.module, refuses, 0):
                return True
        if isinstance(around, Function):
            return False
        inner = around
    return False


def _root(module: Module, name: Name) -> Binding | None:
    """Return the parameter or variable that a name stands for, through the names that it was given again."""
    for _ in range(4):
        bound = module.scopes.lookup(name.id, name)
        only = bound[0] if len(bound) == 1 else None
        given = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
        if not isinstance(given, Name) or given.id == name.id:
            return only
        name = given
    return None


def _is_raw(module: Module, root: Binding) -> bool:
    """Tell whether a thing is what came from outside: no class of the subject says already what it has."""
    if isinstance(root, Param):
        return not isinstance(named_type(module, root.type) if root.type else None, Class)
    return isinstance(root, Assign) and isinstance(strip(root.value) if root.value is not None else None, Call)


def _refuses(module: Module, function: Function, depth: int = 1) -> bool:
    if next(find(function.body, Throw), None) is not None or _gathers(function):
        return True
    targets = (callee(module, call) for call in find(function.body, Call)) if depth else ()
    return any(one is not None and _refuses(one.module, one, depth - 1) for one in targets)


def _gathers(function: Function) -> bool:
    """Tell whether a function gives back the problems that it has put into a list."""
    given = {one.value.id for one in returns_of(function) if isinstance(one.value, Name)}
    return any(
        call.name in ("append", "push") and isinstance(call.receiver, Name) and call.receiver.id in given
        for call in find(function.body, Call)
    )


def looks_at_others(module: Module, parser: Parser) -> bool:
    """Tell whether the keys that came are gone through, here, in what is given the whole, or before in a caller."""
    if _gone_through(module, parser.function, parser.root, _DEEPEST):
        return True
    if isinstance(parser.root, Param) and any(name.startswith("...") for name in parser.root.fields):
        return True
    if not isinstance(parser.root, Param) or not parser.function.name:
        return False
    place = parser.function.params.index(parser.root) if parser.root in parser.function.params else -1
    for call in module.calls((parser.function.name,)):
        around = function_of(call)
        handed = call.arg(place, parser.root.name) if place >= 0 else None
        whole = strip(handed) if handed is not None else None
        root = _root(module, whole) if isinstance(whole, Name) else None
        if around is None or root is None or around is parser.function:
            continue
        if definition(module, call.callee) is parser.function and _gone_through(
            module, around, root, 1, own=parser.function
        ):
            return True
    return False


def _gone_through(module: Module, function: Function, root: Binding, depth: int, own: Function | None = None) -> bool:
    for name in find(function.body, Name):
        if _root(module, name) is not root:
            continue
        parent = name.parent
        if isinstance(parent, Spread) or (isinstance(parent, Assign) and parent.raw.type == "rest_pattern"):
            return True
        if isinstance(parent, For) and parent.iterable is not None and inside(name, parent.iterable):
            return True
        if isinstance(parent, Comprehension) or (isinstance(parent, Binary) and parent.op in ("-", "^", "<=", "|")):
            return True
        if isinstance(parent, Member) and parent.name in _ENUMERATE:
            return True
        if isinstance(parent, Call) and name is not parent.callee and _takes_whole(module, parent, name, depth, own):
            return True
    return False


def _takes_whole(module: Module, call: Call, name: Name, depth: int, own: Function | None) -> bool:
    """Tell whether a call that is given the whole goes through its keys, or may do so for all that is known."""
    if call.name in _ENUMERATE:
        return True
    target = callee(module, call)
    if target is None:
        return call.name not in _HARMLESS
    return target is not own and depth > 0 and _param_gone_through(target, call, name, depth)


def _param_gone_through(target: Function, call: Call, name: Name, depth: int) -> bool:
    for place, param in enumerate(target.params):
        given = call.arg(place, param.name)
        if given is not None and strip(given) is name:
            return _gone_through(target.module, target, param, depth - 1)
    return False
