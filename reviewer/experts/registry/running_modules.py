"""Calls that run the code of modules that they do not name, and functions that only tell what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Function, Literal, Member, Name
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.registry.verification import is_data

if TYPE_CHECKING:
    from reviewer.code.module import Module

_IMPORTS: Final = frozenset({"importlib.import_module", "runpy.run_path", "runpy.run_module", "__import__"})
_EXECUTES: Final = frozenset({"exec_module", "load_module"})
LISTS: Final = frozenset(
    "list search browse available catalog catalogue index describe query enumerate names installed inspect "
    "preview peek scan discover show listing overview inventory roster".split()
)
"""First words of functions that say what there is."""
_FETCHES: Final = frozenset("get read fetch collect all show to find".split())
NAMED: Final = frozenset("names titles labels descriptions ids".split())
"""Last words of functions that say how things are called."""
FACTS: Final = frozenset(
    "metadata info manifest manifests catalog catalogue list names descriptions details available".split()
)
"""What is only told, where the first word of a function says that it brings something."""
STARTS: Final = frozenset(
    "load start activate boot run launch enable init initialize setup import require execute mount register "
    "install instantiate create main command commands handler entry module reload".split()
)
"""Words of functions that are meant to run plugins."""


def tells(function: Function) -> bool:
    """Tell whether a function only says what there is, by its name."""
    name = words(function.name)
    if not name:
        return False
    if len(name) > 1 and name[-1] in NAMED and name[0] not in STARTS:
        return True
    return name[0] in LISTS or (name[0] in _FETCHES and bool(set(name[1:]) & FACTS))


def runs(module: Module, call: Call) -> bool:
    """Tell whether a call runs the code of a module that it does not name."""
    if call.name in ("import", "require") and call.receiver is None:
        return bool(call.args) and not isinstance(call.args[0], Literal) and not is_data(module, call)
    made = module.scopes.origin(call.callee) if isinstance(call.callee, Name | Member) else None
    if isinstance(made, Call) and made.name == "createRequire":
        return bool(call.args) and not isinstance(call.args[0], Literal) and not is_data(module, call)
    if module.resolve(call.callee) == "importlib.util.module_from_spec":
        function = function_of(call)  # it makes the module, and who executes it runs the code
        return function is not None and any(one.name in _EXECUTES for one in find(function.body, Call))
    if module.resolve(call.callee) in _IMPORTS:
        return not (call.args and isinstance(call.args[0], Literal))
    if call.name == "exec_module":
        return True
    return call.name == "load" and call.receiver is not None and not call.args and b"entry_points" in module.source


def runs_inside(module: Module, target: Function) -> Call | None:
    """Return the call by which a function of the file runs the code of a module that it does not name."""
    if target.module is not module:
        return None
    return next((call for call in find(target.body, Call) if runs(module, call)), None)
