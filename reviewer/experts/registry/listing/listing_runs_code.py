"""REG081: plugins are loaded only to be listed."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.call_sites import call_sites
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Function, Member, Name, Return, strip
from reviewer.code.text.ideas import FIRM_MANIFESTS
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, inside
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in, surroundings
from reviewer.experts.registry.running_modules import FACTS, LISTS, NAMED, STARTS, runs, runs_inside, tells
from reviewer.experts.registry.vocabulary import PLUGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAYBE: Final = frozenset({"scan", "discover"})
"""Words of functions that in some hosts find plugins and in others load them, too."""
_TOLD: Final = frozenset("title name label version description summary icon metadata meta author about".split())
"""What plugins say of themselves."""
_TAKES_IN: Final = (("register",), ("activate",), ("mount",), ("enter",), ("admit",), ("enlist",), ("attach",))
"""First words of calls that take a plugin into service."""
_MOST: Final = 12
"""Calls of a loader that are looked at."""
_OWN: Final = frozenset(
    "tool tools app apps feature features module modules driver drivers kit store entry entries".split()
)
"""Words of hosts that may as well be about parts of the program itself."""


@module_check("REG081", words=LISTS | FACTS | NAMED)
def listing_runs_code(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find imports of plugins in functions that list, search or describe."""
    if module.is_test or (inquiry.subject.kind == "plugin" and b"entry_points" not in module.source):
        return  # a package with entry points of its own may be the host of them
    spoken: set[int] = set()
    for function in module.functions:
        name = set(words(function.name))
        if not tells(function) or name & STARTS or not _of_plugins(module, function):
            continue
        loads = not _reads_facts(function) or _registers(function)
        sure = Confidence.POSSIBLE if name & _MAYBE and loads else None
        for call in find(function.body, Call):
            if runs(module, call) and id(call) not in spoken:
                spoken.add(id(call))
                yield Match(
                    call,
                    f"'{function.name}' only tells what there is, and runs the code of every plugin to do so: looking "
                    "at a plugin is enough to be attacked by it.",
                    confidence=sure,
                )
                break
            target = definition(module, call.callee)
            inner = runs_inside(module, target) if isinstance(target, Function) and target is not function else None
            starts = set(words(getattr(target, "name", ""))) & (STARTS - {"import"})
            if starts and isinstance(target, Function) and _only_imports(module, target):
                starts, inner = set(), call
            if inner is not None and id(inner) not in spoken and not starts:
                spoken.add(id(inner))
                if isinstance(target, Function) and _is_loader_of_all(module, target, function):
                    yield Match(
                        call,
                        f"'{function.name}' only tells what there is, and '{target.name}' runs the code of every "
                        "plugin for it: looking at a plugin is enough to be attacked by it.",
                        related=((inner, "run here"),) if target.module is module else (),
                        confidence=sure,
                    )
                    break
                yield Match(
                    inner,
                    f"'{function.name}' only tells what there is, and this line runs the code of every plugin for it: "
                    "looking at a plugin is enough to be attacked by it.",
                    related=((call, "called from the listing"),),
                    confidence=None if _only_told(module, inner) else sure,
                )
                break


def _is_loader_of_all(module: Module, target: Function, listing: Function) -> bool:
    """Tell whether others call a function as well, to use what it loads: so it is the listing that should not."""
    sites = call_sites(target.module, target)
    if target.module is not module or sites is None:
        return target.module is not module
    return any(not inside(call, listing) and not inside(call, target) for _where, call in islice(sites, _MOST))


def _reads_facts(function: Function) -> bool:
    """Tell whether a function takes metadata from what it loaded."""
    return bool(said_in(function.body) & {"version", "description", "title", "label"})


def _only_told(module: Module, call: Call) -> bool:
    """Tell whether of what was loaded nothing is used but what it says of itself: ``loaded.title``."""
    given = use_of(call).by
    if not isinstance(given, Assign) or not isinstance(given.target, Name):
        return False
    name, function = given.target.id, function_of(call)
    uses = [one for one in find(function.body if function else module.body, Name) if one.id == name]
    read = [one.parent for one in uses if one is not given.target]
    return bool(read) and all(
        isinstance(one, Member) and set(words(one.name)) & _TOLD and not isinstance(one.parent, Call) for one in read
    )


def _registers(function: Function) -> bool:
    """Tell whether a function that finds plugins also takes them into service: it is meant to load them."""
    return any(words(call.name)[:1] in _TAKES_IN for call in find(function.body, Call))


def _of_plugins(module: Module, function: Function) -> bool:
    plain = (PLUGINS - _OWN) | FIRM_MANIFESTS
    return b"entry_points" in module.source or bool((surroundings(function) | module.words) & plain)


def _only_imports(module: Module, target: Function) -> bool:
    """Tell whether a function does nothing but to import what it is given, and whose name so says too much."""
    only = target.body[0] if len(target.body) == 1 and target.module is module else None
    value = strip(only.value) if isinstance(only, Return) and only.value is not None else None
    return isinstance(value, Call) and runs(module, value)
