"""The functions in which a host puts a plugin to rest, and what they take back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import enclosing_loop, in_handler
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Imported, Member, Name, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, inside
from reviewer.experts.lifecycle.bringing.dependencies import outermost, with_helpers
from reviewer.experts.lifecycle.hooks.hooks import HookUse, uses_in
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node
    from reviewer.code.tables import Access
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

STARTING: Final = frozenset(
    "start load activate enable boot bring launch install register add open init setup wake mount".split()
)
"""First words of functions that begin something."""
_EXCHANGES: Final = frozenset(
    "reload update upgrade swap replace refresh hot hotreload hotswap exchange renew supersede redeploy "
    "reinstall".split()
)
"""Words of functions that put new code in the place of old."""
_SWAPPING: Final = _EXCHANGES | frozenset("restart migrate rollback quietly safely reset".split())
_AWAY: Final = frozenset({"down", "off", "away", "out", "back"})
"""Words that turn a beginning round: ``bring_down``, ``switch_off``."""


class Unload(Struct, frozen=True):
    """A function that ends one plugin: its uses of ending hooks, and what it removes from tables."""

    function: Function
    uses: tuple[HookUse, ...]
    removals: tuple[Access, ...]

    @property
    def steps(self) -> list[Node]:
        """The hook calls and removals of the function itself, in source order."""
        own = [use.site for use in self.uses] + [a.node for a in self.removals if inside(a.node, self.function)]
        return sorted(own, key=lambda node: node.raw.start_byte)

    @property
    def place(self) -> Location:
        """The place from the first step to the end of the function: there belongs whatever it leaves undone."""
        body = self.function.body
        return span(self.function.module, self.steps[0], body[-1] if body else self.function)


def unloads(inquiry: Inquiry, module: Module) -> tuple[Unload, ...]:
    """Return the functions of a module that end one plugin, by its key or its entry; worked out once."""
    return module.once("lifecycle.unloads", lambda: tuple(_find(inquiry, module)))


def _find(inquiry: Inquiry, module: Module) -> list[Unload]:
    by_function: dict[int, tuple[Function, list[HookUse]]] = {}
    begins = {id(outermost(use.site)) for use in uses_in(inquiry, module, "start")}
    for use in uses_in(inquiry, module, "stop"):
        function = outermost(use.site)
        if function is None or id(function) in begins:
            continue  # it puts another in its place
        if in_handler(use.site) is None and not _other_work(function.name) and not _of_library(module, use):
            by_function.setdefault(id(function), (function, []))[1].append(use)
    found = []
    for function, uses in by_function.values():
        if not function.params or all(enclosing_loop(use.site) is not None for use in uses):
            continue
        reached = with_helpers(function)
        removals = [
            access
            for table in tables(module)
            for access in table.of("delete", "clear")
            if any(inside(access.node, f) for f in reached)
        ]
        found.append(Unload(function, tuple(uses), tuple(removals)))
    return found


def _of_library(module: Module, use: HookUse) -> bool:
    """Tell whether what is ended was made by a library in the same function: ``engine = sa.create_engine(uri)``."""
    held = strip(use.receiver)
    made = module.scopes.origin(held) if isinstance(held, Name) else None
    if not isinstance(made, Call) or function_of(made) is not function_of(use.call):
        return False
    root = strip(made.callee)
    while isinstance(root, Member):
        root = strip(root.object)
    bound = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    return (
        bool(bound)
        and all(isinstance(one, Imported) and not one.source.startswith(".") for one in bound)
        and (definition(module, made.callee) is None and made.name not in ("import_module", "load", "resolve"))
    )


def _other_work(name: str) -> bool:
    """Tell whether a function of this name ends plugins only on the way to something else."""
    said = set(words(name))
    return bool(said & _SWAPPING) or (bool(words(name)) and words(name)[0] in STARTING and not said & _AWAY)


def swaps(name: str) -> bool:
    """Tell whether a function of this name puts new code in the place of old."""
    return not _EXCHANGES.isdisjoint(words(name))


def span(module: Module, first: Node, last: Node) -> Location:
    """Return the place from the start of one node to the end of another."""
    return locate_bytes(module, first.raw.start_byte, max(first.raw.end_byte, last.raw.end_byte))
