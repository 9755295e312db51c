"""The tests that a file holds: callbacks of ``test`` and ``it``, functions and methods named ``test_…``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Literal, Member, Node, Template, strip
from reviewer.code.walk import find

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_RUNNERS: Final = ("test", "it", "specify", "only", "concurrent", "serial")
_SKIPPED: Final = frozenset({"skip", "skipif", "todo", "xfail", "usefixtures", "fixture"})
_TESTS: Final = frozenset({"test", "tests", "__tests__", "spec", "specs"})
_DATA: Final = frozenset(
    "fixture fixtures __fixtures__ data testdata test-data test_data sample samples scenario scenarios support "
    "resources assets inputs projects example examples workspace workspaces".split()
)
"""Folders among the tests that hold what the tests work on."""


class Case(Struct, frozen=True):
    """One test: ``at`` is what stands for it, ``title`` what it says that it shows."""

    at: Node
    title: str
    function: Function


def cases(module: Module) -> list[Case]:
    """Return the tests of a test file in source order; those that are skipped are left out."""
    kept = module.memory.get("fundamentals.cases")
    if not isinstance(kept, list):
        found = _python(module) if module.language == "python" else _script(module)
        kept = module.memory["fundamentals.cases"] = found if module.is_test and not _is_data(module) else []
    return kept


def _is_data(module: Module) -> bool:
    """Tell whether a file only looks like a test: a program under test is run on it."""
    *folders, _file = module.path.lower().split("/")
    within = next((place for place, folder in enumerate(folders) if folder in _TESTS), len(folders))
    return bool(_DATA & set(folders[within + 1 :]))


def _python(module: Module) -> list[Case]:
    return [
        Case(function, function.name.replace("_", " "), function)
        for function in module.functions
        if function.name.startswith("test")
        and function.name != "test_suite"  # by which unittest asks for the tests
        and _is_collected(module, function)
        and function.kind in ("function", "method")
        and function.outer is None
        and not any(_decorator(one) in _SKIPPED for one in function.decorators)
    ]


def _is_collected(module: Module, function: Function) -> bool:
    """Tell whether a runner finds a function, in a file or a class of tests: a fake has methods so named, too.

    A class that is made by a constructor of its own is none of a runner's.
    """
    owner = function.owner
    if owner is None:
        name = module.path.rsplit("/", 1)[-1].removesuffix(".py")
        return name.startswith("test") or name.endswith(("test", "tests"))
    derived = any(one in module.text_of(base) for base in owner.bases for one in ("Test", "Case", "Spec"))
    return derived or ("Test" in owner.name and owner.method("__init__") is None)


def _decorator(expr: Expr) -> str:
    expr = strip(expr)
    if isinstance(expr, Call):
        expr = strip(expr.callee)
    return expr.name if isinstance(expr, Member) else ""


def _script(module: Module) -> list[Case]:
    found: list[Case] = []
    for call in module.calls(_RUNNERS):
        if not _runs(module, call) or len(call.args) < 2:
            continue
        title = strip(call.args[0])
        body = next((f for arg in call.args[1:] if (f := _callback(module, arg)) is not None), None)
        if body is not None and isinstance(title, Literal | Template):
            found.append(Case(call, module.text_of(title).strip("'\"`"), body))
    return found


def _runs(module: Module, call: Call) -> bool:
    """Tell whether a call hands a test to a runner: ``test(…)``, ``it.only(…)``, ``Deno.test(…)``."""
    receiver = call.receiver
    if receiver is None:
        if call.name not in ("test", "it", "specify"):
            return False
        return not _is_of_its_own(module, call)
    receiver = strip(receiver)
    base = getattr(receiver, "id", "") or getattr(receiver, "name", "")
    return base in ("test", "it", "specify", "Deno", "t", "QUnit")


def _is_of_its_own(module: Module, call: Call) -> bool:
    """Tell whether a name of a runner is that of a function in sight, which hands nothing on to a runner."""
    found = definition(module, call.callee)
    return isinstance(found, Function) and not any(one.name in _RUNNERS for one in find(found.body, Call))


def _callback(module: Module, arg: Expr) -> Function | None:
    found = definition(module, arg)
    return found if isinstance(found, Function) else None
