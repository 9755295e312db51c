"""REG081: plugins are loaded only to be listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Function, Literal, Member, Name, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in, surroundings
from reviewer.experts.registry.verification import is_data
from reviewer.experts.registry.vocabulary import PLUGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LISTS: Final = frozenset(
    "list search browse available catalog catalogue index describe query enumerate names installed inspect "
    "preview peek scan discover show".split()
)
"""First words of functions that say what there is."""
_FETCHES: Final = frozenset("get read fetch collect all show to find".split())
_FACTS: Final = frozenset(
    "metadata info manifest manifests catalog catalogue list names descriptions details available".split()
)
"""What is only told, where the first word of a function says that it brings something."""
_NAMED: Final = frozenset("names titles labels descriptions ids".split())
"""Last words of functions that say how things are called."""
_MAYBE: Final = frozenset({"scan", "discover"})
"""Words of functions that in some hosts find plugins and in others load them, too."""
_STARTS: Final = frozenset(
    "load start activate boot run launch enable init initialize setup import require execute mount register "
    "install instantiate create main command commands handler entry module reload".split()
)
"""Words of functions that are meant to run plugins."""
_TOLD: Final = frozenset("title name label version description summary icon metadata meta author about".split())
"""What plugins say of themselves."""
_IMPORTS: Final = frozenset(
    {"importlib.import_module", "runpy.run_path", "runpy.run_module", "importlib.util.module_from_spec", "__import__"}
)
_TAKES_IN: Final = (("register",), ("activate",), ("mount",), ("enter",), ("admit",), ("enlist",), ("attach",))
"""First words of calls that take a plugin into service."""
_OWN: Final = frozenset(
    "tool tools app apps feature features module modules driver drivers kit store entry entries".split()
)
"""Words of hosts that may as well be about parts of the program itself."""


@module_check("REG081", words=_LISTS | _FACTS | _NAMED)
def listing_runs_code(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find imports of plugins in functions that list, search or describe."""
    if module.is_test or (inquiry.subject.kind == "plugin" and b"entry_points" not in module.source):
        return  # a package with entry points of its own may be the host of them
    spoken: set[int] = set()
    for function in module.functions:
        name = set(words(function.name))
        if not tells(function) or name & _STARTS or not _of_plugins(module, function):
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
            starts = set(words(getattr(target, "name", ""))) & (_STARTS - {"import"})
            if starts and isinstance(target, Function) and _only_imports(module, target):
                starts, inner = set(), call
            if inner is not None and id(inner) not in spoken and not starts:
                spoken.add(id(inner))
                yield Match(
                    inner,
                    f"'{function.name}' only tells what there is, and this line runs the code of every plugin for it: "
                    "looking at a plugin is enough to be attacked by it.",
                    related=((call, "called from the listing"),),
                    confidence=None if _only_told(module, inner) else sure,
                )
                break


def tells(function: Function) -> bool:
    """Tell whether a function only says what there is, by its name."""
    name = words(function.name)
    if not name:
        return False
    if len(name) > 1 and name[-1] in _NAMED and name[0] not in _STARTS:
        return True
    return name[0] in _LISTS or (name[0] in _FETCHES and bool(set(name[1:]) & _FACTS))


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
    plain = PLUGINS - _OWN
    return b"entry_points" in module.source or bool((surroundings(function) | module.words) & plain)


def runs(module: Module, call: Call) -> bool:
    """Tell whether a call runs the code of a module that it does not name."""
    if call.name in ("import", "require") and call.receiver is None:
        return bool(call.args) and not isinstance(call.args[0], Literal) and not is_data(module, call)
    if module.resolve(call.callee) in _IMPORTS:
        return not (call.args and isinstance(call.args[0], Literal))
    if call.name == "exec_module":
        return True
    return call.name == "load" and call.receiver is not None and not call.args and b"entry_points" in module.source


def _only_imports(module: Module, target: Function) -> bool:
    """Tell whether a function does nothing but to import what it is given, and whose name so says too much."""
    only = target.body[0] if len(target.body) == 1 and target.module is module else None
    value = strip(only.value) if isinstance(only, Return) and only.value is not None else None
    return isinstance(value, Call) and runs(module, value)


def runs_inside(module: Module, target: Function) -> Call | None:
    """Return the call by which a function of the file runs the code of a module that it does not name."""
    if target.module is not module:
        return None
    return next((call for call in find(target.body, Call) if runs(module, call)), None)
