"""PAT008: a collection on a prototype, which all objects that are made of it change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Assign, Call, Expr, Function, Literal, Member, Name, Node, Object, strip
from reviewer.code.walk import function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.changes import changed_root

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAKERS: Final = frozenset({"Map", "Set", "Array"})


@module_check("PAT008", words={"prototype", "create"})
def prototype_state(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each collection that a prototype holds, and at what its methods do with it."""
    if module.is_test or module.language == "python":
        return
    for owner, name, place, methods in (*_of_classes(module), *_of_objects(module)):
        changed = _changed(methods, name)
        if changed is not None:
            yield Match(
                place,
                f"'{name}' belongs to the prototype of '{owner}': what one object puts in, all the others find, those "
                "of other plugins and tenants included.",
                related=((changed, "changed here"),),
            )


def _of_classes(module: Module) -> Iterator[tuple[str, str, Node, list[Function]]]:
    """Yield (class, member, place, methods): ``Bus.prototype.rows = []``, or by ``Object.assign``."""
    classes = _makers(module)
    for node in module.some(Assign, Call):
        if isinstance(node, Assign):
            target = strip(node.target)
            if not isinstance(target, Member) or node.op != "=" or node.value is None:
                continue
            cls = _prototype(classes, target.object)
            if cls is not None and _collection(node.value):
                yield cls[0], target.name, node, cls[1]
            whole = _prototype(classes, target)
            value = strip(node.value)
            if whole is not None and isinstance(value, Object):
                yield from ((whole[0], *held, [*whole[1], *_methods(value)]) for held in _held(value))
        elif isinstance(node, Call) and node.name == "assign" and len(node.args) > 1:
            cls = _prototype(classes, node.args[0])
            for given in map(strip, node.args[1:]) if cls is not None else ():
                if cls is not None and isinstance(given, Object):
                    yield from ((cls[0], *held, [*cls[1], *_methods(given)]) for held in _held(given))


def _makers(module: Module) -> dict[str, tuple[str, list[Function]]]:
    """Return the classes and the constructor functions of a file by name, each with the functions of its objects."""
    found = {cls.name: (cls.name, list(cls.methods)) for cls in module.classes if cls.kind == "class" and cls.name}
    for assign in module.all(Assign):
        target, value = strip(assign.target), assign.value
        holder = strip(target.object) if isinstance(target, Member) else None
        if not isinstance(value, Function) or not isinstance(holder, Member) or holder.name != "prototype":
            continue
        maker = definition(module, holder.object) if isinstance(holder.object, Name) else None
        if isinstance(maker, Function) and isinstance(holder.object, Name):
            name = holder.object.id
            found.setdefault(name, (name, [maker]))[1].append(value)
    return found


def _prototype(classes: dict[str, tuple[str, list[Function]]], expr: Expr) -> tuple[str, list[Function]] | None:
    made = strip(expr)
    if not isinstance(made, Member) or made.name != "prototype" or not isinstance(made.object, Name):
        return None
    return classes.get(made.object.id)


def _of_objects(module: Module) -> Iterator[tuple[str, str, Node, list[Function]]]:
    """Yield the same of an object that others are made of: ``Object.create(base)``."""
    seen: set[int] = set()
    for call in module.calls(("create",)):
        of_object = isinstance(call.receiver, Name) and call.receiver.id == "Object"
        given = call.args[0] if of_object and call.args and function_of(call) is not None else None
        made = module.scopes.origin(given) if isinstance(given, Name) else None
        if isinstance(made, Object) and id(made) not in seen and isinstance(given, Name):
            seen.add(id(made))
            if function_of(made) is None:
                yield from ((given.id, *held, _methods(made)) for held in _held(made))


def _held(made: Object) -> Iterator[tuple[str, Node]]:
    for key, value in made.entries:
        if isinstance(key, Literal) and isinstance(key.value, str) and _collection(value):
            yield key.value, value


def _methods(made: Object) -> list[Function]:
    return [value for _key, value in made.entries if isinstance(value, Function)]


def _collection(value: Expr) -> bool:
    made = strip(value)
    if isinstance(made, Array | Object):
        return True
    return isinstance(made, Call) and isinstance(made.callee, Name) and made.callee.id in _MAKERS


def _changed(methods: Iterable[Function], name: str) -> Node | None:
    """Return where a method changes what a member holds; None where one of them gives the object its own."""
    found: Node | None = None
    for method in methods:
        for node in walk(method.body):
            target = changed_root(node)
            if target is None or not is_this_member(target) or target.name != name:
                continue
            if isinstance(node, Assign) and node.target is target:
                return None
            found = found or node
    return found
