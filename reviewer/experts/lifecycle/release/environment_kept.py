"""LIF303: a fixture or a hook of one test changes what all tests share, and does not put it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Delete, Function, Imported, Index, Member, Name, With
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.fixtures import fixtures
from reviewer.experts.python_package.hooks import implementations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_CALLS: Final = {
    "os.environ.update": "os.environ",
    "os.environ.setdefault": "os.environ",
    "os.environ.pop": "os.environ",
    "os.environ.clear": "os.environ",
    "os.putenv": "os.environ",
    "os.chdir": "os.chdir",
    "sys.path.insert": "sys.path",
    "sys.path.append": "sys.path",
    "sys.path.remove": "sys.path",
}
"""Calls that change what the whole process has, each with the thing."""
_OF_ONE_TEST: Final = frozenset({"pytest_runtest_setup", "pytest_runtest_call", "pytest_runtest_logstart"})
_UNDOING: Final = frozenset(
    "teardown finish unconfigure restore undo reset cleanup clean exit stop disable unpatch revert close".split()
)
_LENDING: Final = frozenset({"patch", "dict", "chdir", "contextmanager", "environ", "context", "setenv"})
"""Words of a ``with`` that puts things back itself."""


@module_check("LIF303", words={"fixture", "runtest"})
def environment_kept(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what fixtures, those of the session left out, and hooks of one test change."""
    if module.is_test:
        return
    functions = [
        (one.function, f"The fixture '{one.name}'") for one in fixtures(module) if one.scope not in ("", "session")
    ]
    functions += [
        (one.function, f"'{one.name}'")
        for one in implementations(inquiry, module)
        if one.name in _OF_ONE_TEST and not one.is_on("hookwrapper") and not one.is_on("wrapper")
    ]
    for function, who in functions:
        told: set[str] = set()
        for node in find(function, Assign | Call, into_functions=False):  # type: ignore[arg-type]  # a union works
            thing = _changes(module, node)
            if not thing or thing in told:
                continue  # the first change is the one to put back
            told.add(thing)
            if not _lent(node) and not _restored(module, function, node, thing):
                yield Match(node, f"{who} changes {_said(thing)} for all tests that follow: nothing puts it back.")


def _said(thing: str) -> str:
    return "the working directory" if thing == "os.chdir" else f"'{thing}'"


def _changes(module: Module, node: Node) -> str:
    """Return the thing that a node changes for the whole process, or an empty string."""
    if isinstance(node, Call):
        return _CALLS.get(module.resolve(node.callee), "")
    target = node.target if isinstance(node, Assign) else None
    if isinstance(target, Index):
        named = module.resolve(target.object)
        return named if named in ("os.environ", "sys.modules") else ""
    if isinstance(target, Member) and isinstance(target.object, Name) and _foreign(module, target.object):
        return f"{module.resolve(target.object)}.{target.name}"
    return ""


def _foreign(module: Module, name: Name) -> bool:
    """Tell whether a name is a module of another package."""
    bound = module.scopes.lookup(name.id, name)
    held = bound[-1] if bound else None
    if not isinstance(held, Imported) or held.name != "*" or held.source.startswith("."):
        return False
    return module.project is None or not module.project.target(module.path, held.source)


def _lent(node: Node) -> bool:
    for around in ancestors(node):
        if isinstance(around, With):
            names = {
                word
                for value, _target in around.items
                for part in find(value, Name | Member)  # type: ignore[arg-type]  # a union works
                for word in words(getattr(part, "name", getattr(part, "id", "")))
            }
            if names & _LENDING:
                return True
        if isinstance(around, Function):
            return False
    return False


def _restored(module: Module, function: Function, node: Node, thing: str) -> bool:
    """Tell whether the thing is changed again: later in the function, or in one that undoes."""
    for other in module.some(Assign, Call, Delete):
        if other is node or thing not in _changed_again(module, other):
            continue
        inside = function.start <= other.start < function.stop
        if inside and other.start > node.start:
            return True
        around = function_of(other)
        if not inside and around is not None and set(words(around.name)) & _UNDOING:
            return True
    return False


def _changed_again(module: Module, node: Node) -> set[str]:
    if isinstance(node, Delete):
        return {module.resolve(one.object) for one in node.targets if isinstance(one, Index)}
    found = _changes(module, node)
    return {found} if found else set()
