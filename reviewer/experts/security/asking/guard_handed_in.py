"""SEC022: what says who may do something is handed in, and nobody asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Class, Function, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import inside
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node, Param
    from reviewer.experts.check import Inquiry

_FIRST: Final = frozenset({"can", "may", "authorize", "authorise", "permits", "allows"})
"""First words of a function that says who may do something."""
_WHOLE: Final = frozenset(
    "authorize authorise authorizer permits allows acl checkpermission checkaccess ispermitted isallowed "
    "grantstore permissionstore accesspolicy".split()
)


@module_check("SEC022", words=_FIRST | {"acl", "permission", "access", "allowed", "permitted", "grant"})
def guard_handed_in(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each factory and class that is handed a question of who may, for somebody who asks it."""
    if module.is_test:
        return
    for function in module.functions:
        made = function.kind == "constructor" or function.name == "__init__" or _makes(function)
        if not made or function.signature_only or not function.body:
            continue
        around: Node = function.owner if function.owner is not None else function
        for param in function.params:
            for name in _guards(module, param):
                if _is_read(module, around, param, name):
                    continue
                deed = _deed(function, name)
                yield Match(
                    deed if deed is not None else param,
                    f"'{name}' is handed in to say who may do this, and nobody asks it: everybody may.",
                    related=() if deed is None else ((param, "handed in here"),),
                )


def _makes(function: Function) -> bool:
    """Tell whether a function makes an object of functions, as ``createBus({ log, canSubscribe })`` does."""
    said = words(function.name)
    return function.outer is None and bool(said) and said[0] in ("create", "make", "build", "new", "define", "open")


def _guards(module: Module, param: Param) -> Iterator[str]:
    """Yield the names of the questions that a parameter brings: by itself, or as members that it takes apart."""
    for name in param.fields.values() or (param.name,):
        said = words(name)
        asks = "".join(said) in _WHOLE or (len(said) > 1 and said[0] in _FIRST)
        hidden = bool(param.fields) or not param.access or "private" in module.text_of(param)
        if asks and hidden and not name.startswith("_"):
            yield name


def _is_read(module: Module, around: Node, param: Param, name: str) -> bool:
    """Tell whether a question is asked, handed on, or kept under its name for others to ask."""
    for node in module.some(Name, Member, Object):
        if inside(node, param) or (isinstance(node, Name | Object) and not inside(node, around)):
            continue
        if isinstance(node, Object) and name in node.keys:
            return True
        if isinstance(node, Name) and node.id == name and not _only_kept(node):
            return True
        if isinstance(node, Member) and node.name.lstrip("#_") == name and not _is_target(node):
            return True
    return False


def _is_target(node: Node) -> bool:
    return isinstance(node.parent, Assign) and node.parent.target is node


def _only_kept(node: Name) -> bool:
    """Tell whether a parameter only becomes the private field of its own name: ``this.#acl = acl``."""
    target = strip(node.parent.target) if isinstance(node.parent, Assign) and node.parent.value is node else None
    return isinstance(target, Member) and target.name[:1] in ("#", "_") and target.name.lstrip("#_") == node.id


def _deed(maker: Function, name: str) -> Function | None:
    """Return the function of the same object that a question is about by its name: ``subscribe``, ``canSubscribe``."""
    about = set(words(name)[1:])
    owner = maker.owner
    beside = (
        owner.methods if isinstance(owner, Class) else [one for one in maker.module.functions if one.outer is maker]
    )
    return next((one for one in beside if about and set(words(one.name)) & about), None)
