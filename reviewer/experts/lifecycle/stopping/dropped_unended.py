"""LIF580: a plugin that was started is taken out of the table of those that run, and never told that it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.flow import enclosing_loop, in_handler
from reviewer.code.syntax import Await, Call, Name, Object, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import inside, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.bringing.unloading import STARTING, swaps
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hooks_of
from reviewer.experts.lifecycle.values import root_name
from reviewer.experts.lifecycle.vocabulary import STOPS
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access

_ENDING: Final = frozenset(
    "unload unregister uninstall disable remove deactivate eject drop detach unplug unmount unuse deregister".split()
)
"""First words of functions by which a host lets one plugin go."""


@module_check("LIF580", words=HOOK_WORDS)
def dropped_unended(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a plugin is woken with something of the host, kept, and dropped in a host that ends none."""
    if module.is_test:
        return
    starts = [use for use in hooks_of(module) if use.kind == "start" and use.call.args]
    for table in tables(module) if starts else ():
        started = [use for use in starts if any(_keeps(write, use.receiver) for write in table.of("write"))]
        dropped = [access for access in table.of("delete") if _lets_go(access)]
        if not started or not dropped or table.kind != "map" or _ends_any(inquiry):
            continue
        gone = dropped[0]
        around = outermost(gone.node)
        name = around.name if around is not None else ""
        yield Match(
            locate(module, gone.node),
            f"'{name}' takes the plugin out of '{table.name}' and never tells it: it was woken by "
            f"'{started[0].name}', and nothing in this host calls a hook by which a plugin ends.",
            related=((started[0].site, "woken here"),),
        )


def _keeps(write: Access, receiver: Expr) -> bool:
    """Tell whether what is put into a table is what the hook was called on, or an entry that holds it."""
    root = root_name(receiver)
    if write.value is None or write.function is None or not root:
        return False
    value = strip(write.value)
    value = strip(value.value) if isinstance(value, Await) else value
    if isinstance(value, Name):
        return value.id == root
    return isinstance(value, Object | Call) and root in names_in(value)


def _lets_go(access: Access) -> bool:
    """Tell whether somebody asks here that one plugin goes: not a start that fails, nor one that is replaced."""
    function = outermost(access.node)
    if function is None or access.key is None or not function.params or not inside(access.node, function):
        return False
    said = words(function.name)[:1]
    return (
        bool(said)
        and said[0] in _ENDING
        and said[0] not in STARTING
        and not swaps(function.name)
        and in_handler(access.node) is None
        and enclosing_loop(access.node) is None
        and bool(names_in(access.key) & {param.name for param in function.params})
    )


def _ends_any(inquiry: Inquiry) -> bool:
    """Tell whether anything in the host ends a plugin, or hands a plugin's end to what does."""
    return any(
        any(use.kind == "stop" for use in hooks_of(module)) or any(_may_end(call) for call in module.all(Call))
        for module in inquiry.project.modules(tests=False)
    )


def _may_end(call: Call) -> bool:
    """Tell whether a call may end a plugin: ``plugin.stop()``, ``entry.dispose()``, but not ``this.stop()``."""
    held = strip(call.receiver) if call.receiver is not None else None
    own = isinstance(held, Name) and held.id in ("this", "self")
    return held is not None and not own and flat(call.name) in STOPS
