"""The hooks that a plugin implements, and those that it defines for others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from msgspec import Struct

from reviewer.code.reach.links import class_of_value
from reviewer.code.syntax import Call, Expr, ExprStatement, Function, If, Index, Literal, Member, Name, Try, strip
from reviewer.code.walk import ancestors
from reviewer.experts.profile import profile_of
from reviewer.experts.python_package.entry_points import entry_points
from reviewer.experts.python_package.hook_table import HookHost, hook_hosts
from reviewer.experts.python_package.targets import entry_modules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MANAGERS: Final = frozenset({"pluginmanager", "plugin_manager", "pm"})
_SPECIFYING: Final = frozenset({"add_hookspecs", "addhooks"})


class Implementation(Struct, frozen=True):
    """A function that a host calls as one of its hooks."""

    host: HookHost
    name: str
    """The hook that it implements: its own name, or what ``specname`` says."""
    function: Function
    options: dict[str, Expr]
    """The keywords of its marker."""
    marked: bool
    chosen: bool
    """True where a condition around it decides whether it is defined, for instance by the host's version."""

    def is_on(self, option: str) -> bool:
        """Tell whether an option of the marker is the literal True."""
        value = self.options.get(option)
        return isinstance(value, Literal) and value.value is True


def hosts_of(inquiry: Inquiry) -> tuple[HookHost, ...]:
    """Return the hosts with known hooks whose groups the package declares entry points in."""
    known = inquiry.memory.get("python.hook_hosts")
    if known is None:
        groups = {entry.group for entry in entry_points(inquiry)}
        hosts = hook_hosts(profile_of(inquiry)) if inquiry.subject.kind == "plugin" else ()
        known = inquiry.memory["python.hook_hosts"] = tuple(host for host in hosts if host.group in groups)
    return cast("tuple[HookHost, ...]", known)


def implementations(inquiry: Inquiry, module: Module) -> tuple[Implementation, ...]:
    """Return the hooks that a module implements, in source order; worked out once."""
    if module.is_test:
        return ()
    return module.once("python.hooks", lambda: tuple(_find(inquiry, module)))


def _find(inquiry: Inquiry, module: Module) -> Iterator[Implementation]:
    for host in hosts_of(inquiry):
        entered = module.path in entry_modules(inquiry, host.group)
        handed = handed_over(inquiry) if host.prefix and not host.bases else frozenset()
        for function in module.functions:
            marker = next((one for one in function.decorators if _marks(module, host, one)), None)
            if marker is None and not _counts(module, host, function, handed, entered=entered):
                continue
            options = marker.keywords if isinstance(marker, Call) else {}
            named = options.get("specname")
            name = str(named.value) if isinstance(named, Literal) else function.name
            chosen = any(isinstance(around, If | Try) for around in ancestors(function))
            yield Implementation(host, name, function, options, marker is not None, chosen)


def _marks(module: Module, host: HookHost, decorator: Expr) -> bool:
    """Tell whether a decorator is the marker of a host, taken from it or made with pluggy."""
    callee = decorator.callee if isinstance(decorator, Call) else decorator
    if module.resolve(callee) in host.markers:
        return True
    made = module.scopes.origin(callee)
    if not isinstance(made, Call) or made.name != "HookimplMarker" or not host.project:
        return False
    first = made.arg(0, "project_name")
    return isinstance(first, Literal) and first.value == host.project


def _counts(module: Module, host: HookHost, function: Function, handed: frozenset[str], *, entered: bool) -> bool:
    """Tell whether an unmarked function is a hook by its name and the place where it stands."""
    if not host.prefix or not function.name.startswith(host.prefix) or function.outer is not None:
        return False
    if function.owner is None:
        return entered and not host.bases
    if host.bases:
        return any(_base(module, base) in host.bases for base in function.owner.bases)
    return f"{module.path}:{function.owner.name}" in handed


def handed_over(inquiry: Inquiry) -> frozenset[str]:
    """Return the classes, as ``path:name``, of which the package registers an instance with the plugin manager."""
    known = inquiry.memory.get("python.handed_over")
    if known is None:
        found: set[str] = set()
        for module in inquiry.project.modules({"register"}, tests=False):
            for call in module.calls({"register"}):
                cls = class_of_value(module, call.args[0]) if call.args and _is_manager(call.receiver) else None
                if cls is not None:
                    found.add(f"{cls.module.path}:{cls.name}")
        known = inquiry.memory["python.handed_over"] = frozenset(found)
    return cast("frozenset[str]", known)


def _is_manager(receiver: Expr | None) -> bool:
    name = receiver.name if isinstance(receiver, Member) else receiver.id if isinstance(receiver, Name) else ""
    return name in _MANAGERS


def _base(module: Module, base: Expr) -> str:
    """Return the class that a base names, without the types in brackets behind it."""
    plain = strip(base)
    return module.resolve(plain.object if isinstance(plain, Index) else plain)


def defines_hooks(inquiry: Inquiry) -> bool:
    """Tell whether the package adds hooks of its own to the host, or might."""
    known = inquiry.memory.get("python.defines_hooks")
    if known is None:
        known = any(
            call.name in _SPECIFYING
            for module in inquiry.project.modules(_SPECIFYING)
            for call in module.calls(_SPECIFYING)
        )
        inquiry.memory["python.defines_hooks"] = known
    return bool(known)


def own_hooks(inquiry: Inquiry) -> frozenset[str]:
    """Return the names of the hooks that the package itself defines: by a marker, or in a module of definitions."""
    known = inquiry.memory.get("python.own_hooks")
    if known is None:
        known = inquiry.memory["python.own_hooks"] = frozenset(_own(inquiry))
    return cast("frozenset[str]", known)


def _own(inquiry: Inquiry) -> Iterator[str]:
    for module in inquiry.project.modules(tests=False):
        for function in module.functions:
            if any(_specifies(one) for one in function.decorators) or _only_described(function):
                yield function.name


def _specifies(decorator: Expr) -> bool:
    """Tell whether a decorator is the marker of a definition, such as ``hookspec``."""
    callee = decorator.callee if isinstance(decorator, Call) else decorator
    return "spec" in str(getattr(callee, "name", getattr(callee, "id", ""))).lower()


def _only_described(function: Function) -> bool:
    """Tell whether a function has no body but its description, as definitions of hooks have."""
    if function.kind == "arrow" or function.decorators:
        return False
    described = (isinstance(one, ExprStatement) and isinstance(one.value, Literal) for one in function.body)
    return function.signature_only or all(described)
