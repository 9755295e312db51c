"""Services that a host has for all alike, and what it hands to a plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition, named_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Expr, Function, Member, Name, Node, Param, strip
from reviewer.code.walk import ancestors, class_of, find, function_of, walk
from reviewer.experts.lifecycle.hooks.hooks import hooks_of
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.vocabulary import names_tenant

if TYPE_CHECKING:
    from reviewer.code.module import Module


def unwrapped(module: Module, base: Expr) -> Expr:
    """Return what a function of the subject only puts a check before: ``this.house`` of ``guarded(this.house, may)``.

    It gives an object whose functions go on to what it was given: whose that is, nothing of the rest says.
    """
    call = strip(base)
    target = definition(module, call.callee) if isinstance(call, Call) and not call.new else None
    if not isinstance(call, Call) or not isinstance(target, Function) or not returns_of(target):
        return base
    for position, param in enumerate(target.params):
        given = call.arg(position, param.name)
        asked = {
            function_of(node)
            for node in find(target.body, Member)
            if isinstance(node.parent, Member) and isinstance(node.object, Name) and node.object.id == param.name
        }
        if isinstance(given, Name | Member) and len(asked - {target}) > 1:
            return given
    return base


def held_by_host(module: Module, base: Expr) -> bool:
    """Tell whether what is copied is a field that the host was given when it was made: ``this.all``, or most of it."""
    base = strip(base)
    bound = module.scopes.lookup(base.id, base) if isinstance(base, Name) else []
    if len(bound) == 1 and isinstance(bound[0], Assign) and bound[0].value is not None:
        base = strip(bound[0].value)
    if isinstance(base, Member) and isinstance(base.object, Name) and not is_this_member(base):
        return _told_outside(module, base, base.object)
    if any(names_tenant(feed.name) for feed in feeds(module, base)):
        return False
    while isinstance(base, Member) and not is_this_member(base):
        base = strip(base.object)  # this.houses.central
    cls = class_of(base) if is_this_member(base) else None
    if cls is None or not isinstance(base, Member):
        return False
    return any(isinstance(value, Name) for value in module.scopes.field_values(cls, base.name)) or any(
        param.name == base.name and param.access
        for method in cls.methods
        if method.kind == "constructor"
        for param in method.params
    )


def _told_outside(module: Module, base: Member, root: Name) -> bool:
    """Tell whether what is copied is a member of what the function around was told once for all."""
    inner = function_of(base)
    bound = module.scopes.lookup(root.id, root)
    only = bound[0] if len(bound) == 1 else None
    maker = only.parent if isinstance(only, Param) else None
    return isinstance(maker, Function) and maker is not inner and not names_tenant(root.id)


def given_to_plugin(module: Module, function: Function, at: Node) -> bool:
    """Tell whether what a function makes is what a plugin is started with: ``instance.launch(this.#desk(site))``.

    The hook may stand in the function itself, behind the name that what is made has.
    """
    for use in hooks_of(module):
        for given in map(strip, use.call.args) if use.kind == "start" else ():
            if isinstance(given, Call) and definition(module, given.callee) is function:
                return True
            made = module.scopes.origin(given) if isinstance(given, Name) else None
            if isinstance(made, Node) and (made is at or (at in walk(made) and not _told_on(module, at, made))):
                return True
    return False


def _told_on(module: Module, at: Node, made: Node) -> bool:
    """Tell whether a function of the subject takes an object apart to make of it what a plugin is given."""
    for around in ancestors(at):
        if isinstance(around, Call) and isinstance(definition(module, around.callee), Function):
            return True
        if around is made:
            return False
    return False


def makes_what_plugins_take(module: Module, function: Function) -> bool:
    """Tell whether a function makes by its type what an interface of plugins is started with.

    Such an interface has a method that takes that alone, and another, by which it is ended, that takes nothing:
    ``depart(cab: Cab): Promise<void>; terminate(): Promise<void>``.
    """
    made = named_type(module, function.returns) if function.returns else None
    if made is None:
        return False
    for cls in (
        one for home in {module.path: module, made.module.path: made.module}.values() for one in home.all(Class)
    ):
        methods = [one for one in cls.methods if one.signature_only]
        started = [one for one in methods if len(one.params) == 1 and _last_type(one.params[0].type) == made.name]
        if started and any(not one.params and one.kind == "method" for one in methods):
            return True
    return False


def _last_type(declared: str) -> str:
    """Return the name of a type without what stands around it: ``Cab`` of ``Readonly<Cab>``."""
    return declared.rpartition("<")[2].strip(" >")
