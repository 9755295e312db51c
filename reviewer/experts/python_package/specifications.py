"""The hooks that a subject itself specifies with pluggy, who implements them and who calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from msgspec import Struct

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Imported, Literal, Member, Name
from reviewer.core.regex import regex
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.paths import last_name, last_words
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function, Node
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_SPECIFIES: Final = "HookspecMarker"
_IMPLEMENTS: Final = "HookimplMarker"
_MANAGER: Final = "PluginManager"
_KNOWN: Final = {"pytest.hookspec": (_SPECIFIES, "pytest"), "pytest.hookimpl": (_IMPLEMENTS, "pytest")}
_FIRST: Final = regex(r"\w{1,80}")
_CALLERS: Final = frozenset({"hook", "ihook", "hooks"})
"""What a manager's table of hooks is called."""


class Specification(Struct, frozen=True):
    """One hook: of which host, with which arguments, and where it stands."""

    project: str
    name: str
    arguments: tuple[str, ...]
    first_result: bool
    historic: bool
    at: Location


class Hooked(Struct, frozen=True):
    """A function that is marked as the implementation of a hook."""

    project: str
    name: str
    function: Function
    options: dict[str, Expr]


def specifications(inquiry: Inquiry) -> dict[str, dict[str, Specification]]:
    """Return the hooks that the subject specifies, by the name of the host and their own; worked out once."""
    known = inquiry.memory.get("python.specifications")
    if known is None:
        found: dict[str, dict[str, Specification]] = {}
        names = _markers(inquiry)
        for module in inquiry.project.modules(names, tests=False) if names else ():
            for project, function, options in _marked(module, _SPECIFIES):
                said = _arguments(module, function)
                first, historic = _is_on(options, "firstresult"), _is_on(options, "historic")
                spec = Specification(project, function.name, said, first, historic, locate(module, function))
                found.setdefault(project, {}).setdefault(function.name, spec)
        known = inquiry.memory["python.specifications"] = found
    return cast("dict[str, dict[str, Specification]]", known)


def managers(inquiry: Inquiry) -> frozenset[str]:
    """Return the names of the hosts that the subject makes a plugin manager for; empty texts for computed ones."""
    known = inquiry.memory.get("python.managers")
    if known is None:
        known = inquiry.memory["python.managers"] = frozenset(
            fixed_text(module, call.arg(0, "project_name"))
            for module in inquiry.project.modules({_MANAGER}, tests=False)
            for call in module.calls({_MANAGER})
        )
    return cast("frozenset[str]", known)


def hooked(module: Module) -> Iterator[Hooked]:
    """Yield the functions of a module that are marked as implementations, each under the hook's name."""
    for project, function, options in _marked(module, _IMPLEMENTS):
        named = options.get("specname")
        name = str(named.value) if isinstance(named, Literal) else function.name
        if named is None or isinstance(named, Literal):
            yield Hooked(project, name, function, options)


def calls_of(inquiry: Inquiry, module: Module) -> Iterator[tuple[Call, Specification]]:
    """Yield the calls of hooks that the subject specifies, under whatever name the table of hooks is held."""
    every = {name: spec for hooks in specifications(inquiry).values() for name, spec in hooks.items()}
    for call in module.calls(every):
        receiver = call.receiver
        if receiver is not None and set(last_words(receiver)[-1:]) & _CALLERS:
            yield call, every[call.name]


def calls_by_computed_name(inquiry: Inquiry) -> bool:
    """Tell whether the subject looks hooks up by a name that code makes: ``getattr(manager.hook, name)``."""
    known = inquiry.memory.get("python.hooks_computed")
    if known is None:
        known = inquiry.memory["python.hooks_computed"] = any(
            call.args and set(last_words(call.args[0])[-1:]) & _CALLERS
            for module in inquiry.project.modules(_CALLERS, tests=False)
            for call in module.calls({"getattr"})
        )
    return bool(known)


def is_on(hook: Hooked, option: str) -> bool:
    """Tell whether an option of a marker is the literal True."""
    return _is_on(hook.options, option)


def marker_of(module: Module, expr: Expr) -> tuple[str, str, Node] | None:
    """Return the kind of a pluggy marker, the host that it is for, and the call that makes it."""
    made: Node | Imported | None = module.scopes.origin(expr)
    if isinstance(made, Member):
        made = definition(module, made)
    elif isinstance(made, Imported):
        made = module.project.definition(module, made) if module.project is not None else None
    if not isinstance(made, Call) or made.name not in (_SPECIFIES, _IMPLEMENTS):
        return None
    said = made.arg(0, "project_name")
    text = said.value if isinstance(said, Literal) else fixed_text(module, said)
    return (made.name, text, made) if isinstance(text, str) and text else None


def _marked(module: Module, kind: str) -> Iterator[tuple[str, Function, dict[str, Expr]]]:
    if module.language != "python":
        return
    for function in module.functions:
        for decorator in function.decorators:
            callee = decorator.callee if isinstance(decorator, Call) else decorator
            if not isinstance(callee, Name | Member):
                continue
            known = _KNOWN.get(module.resolve(callee))
            marker = known or marker_of(module, callee)
            if marker is not None and marker[0] == kind:
                yield marker[1], function, decorator.keywords if isinstance(decorator, Call) else {}
                break


def _arguments(module: Module, function: Function) -> tuple[str, ...]:
    """Return the arguments of a hook; in a class some leave out ``self``, for nobody makes an object of it."""
    names = tuple(one.name for one in function.params if not one.rest)
    if function.owner is None or function.static:
        return names
    text = module.text_of(function).partition(f"def {function.name}(")[2].lstrip()
    first = _FIRST.match(text)
    return names if first is None or first[0] in ("self", "cls", *names) else (first[0], *names)


def _markers(inquiry: Inquiry) -> frozenset[str]:
    """Return the names under which the subject may speak of markers of specifications."""
    names = {
        last_name(call.parent.target)
        for module in inquiry.project.modules({_SPECIFIES}, tests=False)
        for call in module.calls({_SPECIFIES})
        if isinstance(call.parent, Assign)
    }
    return frozenset(names | {"hookspec"}) - {""}


def _is_on(options: dict[str, Expr], option: str) -> bool:
    value = options.get(option)
    return isinstance(value, Literal) and value.value is True
