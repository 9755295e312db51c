"""LIF029: what a host makes for one plugin listens to the window, and its end leaves the listener."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Array, Call, Class, Function, Object, strip
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.holding.fate import DROPPED, fates
from reviewer.experts.lifecycle.holding.listening import OFFS
from reviewer.experts.lifecycle.holding.owners import is_end, members_of

if TYPE_CHECKING:
    from reviewer.code.module import Module

_FOR_EVER: Final = frozenset("window document globalThis self visualViewport".split())
"""What lives as long as the page."""
_LISTENS: Final = frozenset({"addEventListener"})


@module_check("LIF029", words={"listener"})
def listener_outlives(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at classes with an end whose objects are kept by key, for listeners that the end leaves behind."""
    if module.is_test or module.language == "python":
        return
    for cls in module.classes:
        begin = cls.method("constructor")
        ends = [member for member in members_of(cls) if is_end(member.name)]
        if begin is None or not ends or any(call.name in OFFS and _on_page(module, call) for call in calls_in(cls)):
            continue
        for call in calls_in(begin.body):
            if call.name not in _LISTENS or not _on_page(module, call) or fates(module, call) != [DROPPED]:
                continue
            if not _ended_by_option(call) and _kept_by_key(inquiry, cls):
                yield Match(
                    ends[0],
                    f"'{ends[0].name}' ends one '{cls.name}' and leaves the listener that its beginning added by "
                    f"'{short(module.text_of(call.callee))}': it goes on hearing everything, and keeps the object in "
                    "memory.",
                    related=((call, "begins to listen here"),),
                )
                break


def _on_page(module: Module, call: Call) -> bool:
    if call.receiver is None:
        return call.name in _LISTENS | {"removeEventListener"}
    return module.resolve(call.receiver) in _FOR_EVER


def _ended_by_option(call: Call) -> bool:
    """Tell whether the listener is ended by what is given with it: ``{ once: true }``, ``{ signal }``."""
    options = strip(call.args[2]) if len(call.args) > 2 else None
    return options is not None and (
        not isinstance(options, Object)
        or any(key in options.keys for key in ("once", "signal"))
        or options.spreads != []
    )


def _kept_by_key(inquiry: Inquiry, cls: Class) -> bool:
    """Tell whether the subject keeps many objects of a class, each of which may end before the others."""
    elsewhere = inquiry.project.modules(naming={cls.name}, tests=False, using=cls.module.path) if cls.name else ()
    for other in chain((cls.module,), elsewhere):
        for table in tables(other):
            for access in table.of("write"):
                made = other.scopes.origin(access.value) if access.value is not None else None
                calls = [made] if isinstance(made, Call) else []
                if isinstance(made, Object | Array):
                    calls = [one for one in find(made, Call) if not isinstance(one.parent, Function)]
                if any(one.new and definition(other, one.callee) is cls for one in calls):
                    return True
    return False
