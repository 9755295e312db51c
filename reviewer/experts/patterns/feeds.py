"""What a value is made of, as far as the function around it can say: parameters, fields, ambient questions."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Cast,
    Class,
    Comprehension,
    Expr,
    For,
    Function,
    Imported,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    With,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, walk
from reviewer.experts.patterns.context_variables import is_carried
from reviewer.experts.patterns.filling import filled_with
from reviewer.experts.patterns.taken_members import members_taken, named_by, told_by_name
from reviewer.experts.patterns.vocabulary import bare, names_principal, names_tenant

if TYPE_CHECKING:
    from collections.abc import Collection

    from reviewer.code.bindings import Binding
    from reviewer.code.module import Module

_MOST: Final = 400
"""Expressions that are followed for one value."""
_MOST_JUMPS: Final = 2
"""Functions that a value is followed into."""
_GETTERS: Final = frozenset({"get", "getStore", "value", "current", "peek"})
"""Methods by which a holder such as a context variable is asked."""
_IDENTITIES: Final = frozenset({"id", "_id", "uid", "uuid", "key", "slug", "sub", "email", "username", "login"})
"""Members that say which one a tenant or a user is."""
_SAME: Final = frozenset({"freeze", "seal", "structuredClone", "deepFreeze"})
"""Calls that give what they are given, or its like."""
_LONGEST: Final = 4
"""Members of a path that are told apart."""


class Feed(Struct, frozen=True):
    """One thing that a value depends on.

    ``root`` is the parameter, ``this``, or for a question without arguments such as
    ``currentTenant()`` its spelling; ``path`` the members that are read of it.
    """

    root: Param | str
    local: str
    path: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name that says most about what this is: the last of the path."""
        return self.path[-1] if self.path else self.local

    @property
    def spelled(self) -> str:
        """The way to it as a person would write it."""
        return ".".join(part for part in (self.local, *self.path) if part)


def feeds(module: Module, *exprs: Node | None, beside: Collection[int] = ()) -> dict[Feed, Node]:
    """Return what these expressions depend on, each with the first place where it is read.

    What reaches them by bindings whose ids stand in ``beside`` does not count.
    """
    follower = _Follower(module, beside)
    for expr in exprs:
        follower.follow(expr, ())
    return follower.found


def covered(feed: Feed, key: dict[Feed, Node]) -> bool:
    """Tell whether a key tells apart what a value depends on.

    The whole object tells its members apart, and a member of it, such as its id, the whole object. The id of a tenant
    or a user tells all that is theirs apart.
    """
    for other in key:
        if _is_id_of(other, feed):
            return True
        if other.root is not feed.root and other.root != feed.root:
            continue
        if isinstance(feed.root, Param) and other.local != feed.local:
            continue
        shared = min(len(other.path), len(feed.path))
        if other.path[:shared] == feed.path[:shared] or _of_the_same_one(other, feed) or _beside_its_id(other, feed):
            return True
    return False


def _is_id_of(key: Feed, feed: Feed) -> bool:
    """Tell whether a key holds the id of the tenant of whom a feed is a part: ``params.shopId`` of ``shop.plan``."""
    whose = bare(key.name) if names_tenant(key.name) else ()
    return bool(whose) and any(bare(one) == whose for one in (feed.local, *feed.path[:-1]))


def _beside_its_id(key: Feed, feed: Feed) -> bool:
    """Tell whether a key holds the id, kept beside it, of what a feed is a part of: ``device.role_id`` of its role."""
    place = len(key.path) - 1
    named = words(key.path[-1]) if key.path else ()
    return (
        len(named) > 1
        and named[-1] == "id"
        and key.path[:-1] == feed.path[:place]
        and len(feed.path) > place
        and words(feed.path[place]) == named[:-1]
    )


def _of_the_same_one(key: Feed, feed: Feed) -> bool:
    """Tell whether a key holds the id of the tenant or user whose member a feed is: ``site.id`` of ``site.token``."""
    if not key.path or key.path[-1] not in _IDENTITIES or key.path[:-1] != feed.path[: len(key.path) - 1]:
        return False
    holder = (key.local, *key.path)[len(key.path) - 1]
    return names_tenant(holder) or names_principal(holder)


class _Follower:
    """Follows values; every expression once for each path of members."""

    def __init__(self, module: Module, beside: Collection[int]) -> None:
        self.found: dict[Feed, Node] = {}
        self._beside = beside
        self._module = module
        self._seen: set[tuple[int, tuple[str, ...]]] = set()
        self._jumps = 0
        self._filled: set[int] = set()

    def follow(self, expr: Node | None, path: tuple[str, ...]) -> None:
        """Add what an expression, of which these members are read, depends on."""
        while isinstance(expr, Cast | Await):
            expr = expr.value
        path = path[:_LONGEST]
        if expr is None or (id(expr), path) in self._seen or len(self._seen) > _MOST:
            return
        self._seen.add((id(expr), path))
        if isinstance(expr, Name):
            self._name(expr, path)
        elif isinstance(expr, Member):
            self.follow(expr.object, (expr.name, *path))
        elif isinstance(expr, Index):
            if isinstance(expr.key, Literal) and isinstance(expr.key.value, str):
                self.follow(expr.object, (expr.key.value, *path))
            else:
                self.follow(expr.object, ())
                self.follow(expr.key, ())
        elif isinstance(expr, Call):
            self._call(expr, path)
        elif isinstance(expr, Function):
            self._inside(expr)
        elif isinstance(expr, Object) and path and (parts := _parts_of(expr, path[0])):
            for part, rest in parts:
                self.follow(part, path[1:] if rest else path)
        elif not isinstance(expr, Literal | Class):
            for child in expr.children():
                self.follow(child, ())

    def _add(self, root: Param | str, local: str, path: tuple[str, ...], at: Node) -> None:
        self.found.setdefault(Feed(root, local, path), at)

    def _name(self, expr: Name, path: tuple[str, ...]) -> None:
        if expr.id == "this":
            if path:
                self._add("this", "this", path, expr.parent if isinstance(expr.parent, Member) else expr)
            return
        bindings = self._module.scopes.lookup(expr.id, expr)
        if not bindings or isinstance(bindings[0], Imported):
            if bindings and _is_of_runtime(bindings[0]):
                return
            if _says_who(path) or (isinstance(expr.parent, Member) and _says_who((expr.id,))):
                self._add(f"global {expr.id}", expr.id, path, expr)
            return
        for binding in bindings[:8]:
            self._binding(expr, binding, path)

    def _binding(self, expr: Name, binding: Binding, path: tuple[str, ...]) -> None:
        if self._beside and id(binding) in self._beside:
            return
        if isinstance(binding, Param):
            for prop, local in binding.fields.items():
                if local == expr.id:
                    self._add(binding, binding.name, (prop, *path), expr)
                    return
            self._add(binding, expr.id, path, expr)
        elif isinstance(binding, Assign):
            if function_of(binding) is None:
                self._shared_variable(expr, binding)
            elif binding.value is not expr:
                self.follow(binding.value, path)
                self.follow(binding.default, ())
                for part in filled_with(expr, binding) if id(binding) not in self._filled else ():
                    self._filled.add(id(binding))
                    self.follow(part, ())
        elif isinstance(binding, For):
            self.follow(binding.iterable, ())
        elif isinstance(binding, With):
            for value, _target in binding.items:
                self.follow(value, ())
        elif isinstance(binding, Comprehension):
            for _target, iterable in binding.clauses:
                self.follow(iterable, ())

    def _shared_variable(self, expr: Name, binding: Assign) -> None:
        """A variable of the module that says who is being served is as good as a parameter."""
        if binding.declare != "const" and _says_who((expr.id,)) and not expr.id.isupper():
            self._add(f"variable {expr.id}", expr.id, (), expr)

    def _call(self, call: Call, path: tuple[str, ...]) -> None:
        module = self._module
        receiver = call.receiver
        part = _part_given(module, call, path[0]) if path else None
        if part is not None:
            self.follow(part, path if call.name in _SAME else path[1:])
            return
        if not call.args and not call.keywords and not call.new:
            if _says_who((call.name,)) or (_says_who(path) and receiver is not None):
                self._ambient(call, path)
                return
            if (
                receiver is not None
                and call.name in ("get", "getStore", "value", "current", "peek")
                and (_holder(receiver) or is_carried(module, receiver))
            ):
                self._ambient(call, path)
                return
        if receiver is not None:
            named = named_by(call.args[0]) if call.name in ("get", "pop") and call.args else ""
            self.follow(receiver, (named, *path) if named else ())  # args.get("place")
        elif isinstance(call.callee, Name):
            self._called_value(call.callee)
        target = definition(module, call.callee)
        for position, argument in enumerate((*call.args, *call.keywords.values())):
            told = told_by_name(call, target, position)
            for taken in [(told,)] if told else members_taken(target, position) if position < len(call.args) else [()]:
                self.follow(argument, taken)
        if isinstance(call.callee, Function):
            self._inside(call.callee)
        elif isinstance(target, Function) and target.module is module and self._jumps < _MOST_JUMPS:
            self._jumps += 1
            self._callee(call, target)
            self._jumps -= 1

    def _called_value(self, name: Name) -> None:
        """A function that was taken from somewhere, such as a command of a running instance: ``lookup(args)``."""
        for binding in self._module.scopes.lookup(name.id, name)[:2]:
            if isinstance(binding, Assign) and function_of(binding) is not None:
                value = strip(binding.value) if binding.value is not None else None
                if isinstance(value, Call | Member | Index):
                    self.follow(value, ())

    def _ambient(self, call: Call, path: tuple[str, ...]) -> None:
        """A question without arguments: who is being served is answered from somewhere else."""
        if call.receiver is not None and isinstance(call.receiver, Member | Name):
            root = call.receiver
            while isinstance(root, Member):
                root = root.object  # type: ignore[assignment]  # the loop ends at what is no member
            bound = isinstance(root, Name) and (
                root.id == "this" or any(isinstance(b, Param) for b in self._module.scopes.lookup(root.id, root))
            )
            if bound:
                self.follow(call.receiver, (call.name, *path))
                return
        text = self._module.text_of(call)
        self._add(f"question {text}", text, path, call)

    def _inside(self, function: Function) -> None:
        for node in walk(function.body):
            if (isinstance(node, Name | Member) and not isinstance(node.parent, Member)) or isinstance(node, Call):
                self.follow(node, ())

    def _callee(self, call: Call, target: Function) -> None:
        """Add what the called function asks beyond its arguments, and which members of them say who is served."""
        for node in walk(target.body):
            if isinstance(node, Call):
                carried = node.name in _GETTERS and is_carried(self._module, node.receiver)
                if not node.args and not node.new and (carried or _says_who((node.name,))):
                    self._ambient(node, ())
            elif isinstance(node, Member) and _says_who((node.name,)) and not _is_told(node):
                self._member_of_callee(call, target, node)
            elif isinstance(node, Name) and isinstance(self._outer_param(target, node), Param):
                self.follow(node, ())

    def _outer_param(self, target: Function, node: Name) -> Param | None:
        if target.outer is None or not _says_who((node.id,)):
            return None
        bound = self._module.scopes.lookup(node.id, node)
        only = bound[0] if len(bound) == 1 else None
        return only if isinstance(only, Param) and only.parent is not target else None

    def _member_of_callee(self, call: Call, target: Function, node: Member) -> None:
        base: Expr = node.object
        path: tuple[str, ...] = (node.name,)
        while isinstance(base, Member):
            path = (base.name, *path)
            base = base.object
        if not isinstance(base, Name):
            return
        if base.id == "this":
            if target.owner is not None:
                self._add("this", "this", path, node)
            return
        for position, param in enumerate(target.params):
            if param.name == base.id:
                argument = call.arg(position, param.name)
                if argument is not None:
                    self.follow(argument, path)


def _is_of_runtime(bound: Binding) -> bool:
    """Tell whether a name is a module that Python brings, whatever that is called: ``import operator``."""
    return isinstance(bound, Imported) and bound.name == "*" and bound.source in sys.stdlib_module_names


def _is_told(member: Member) -> bool:
    """Tell whether a member is a function that is told of whom it works something out, and says nobody itself."""
    call = member.parent
    return isinstance(call, Call) and call.callee is member and bool(call.args)


def _parts_of(record: Object, name: str) -> list[tuple[Expr, bool]]:
    """Return what a record holds under a name, or else what it is spread of; with whether the name is told by that."""
    held = record.get(name)
    return [(held, True)] if held is not None else [(spread, False) for spread in record.spreads]


def _part_given(module: Module, call: Call, name: str) -> Expr | None:
    """Return what becomes a member of what a call makes: of a class's instance, or of a record that it only freezes."""
    if call.name in _SAME:
        return call.args[0] if len(call.args) == 1 else None
    made = definition(module, call.callee) if call.new or call.name[:1].isupper() else None
    if not isinstance(made, Class):
        return None
    begin = made.method("constructor") or made.method("__init__")
    names = [one.name for one in (begin.params if begin is not None else made.fields)]
    return call.arg(names.index(name), name) if name in names else None


def _holder(receiver: Expr) -> bool:
    """Tell whether a value is asked of a holder that is named for who is served: ``current_tenant.get()``."""
    name = receiver.id if isinstance(receiver, Name) else receiver.name if isinstance(receiver, Member) else ""
    return _says_who((name,))


def _says_who(path: tuple[str, ...]) -> bool:
    """Tell whether a member on a way says who is being served."""
    return any(names_tenant(name) or names_principal(name) for name in path)
