"""LIF130: a module is entered in sys.modules before its code has run, and stays there when that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after
from reviewer.code.syntax import Assign, Call, Delete, Expr, Function, Handler, Index, Name, Node, Try, With, strip
from reviewer.code.walk import ancestors, find, function_of, walk
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RUNS: Final = frozenset({"exec_module", "exec", "load_module"})
_CLEANS: Final = frozenset({"callback", "push", "enter_context", "rollback"})
"""Methods of an exit stack, which can take the entry back."""


@module_check("LIF130", words={"modules"})
def half_made_module(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each entry in ``sys.modules`` that comes before the module's code runs for what takes it back."""
    if module.is_test or module.language != "python" or "sys" not in module.identifiers:
        return
    for entry in module.some(Assign, Call):
        if not _enters(module, entry):
            continue
        function = function_of(entry)
        run = next((n for n in after(entry) if isinstance(n, Call) and n.name in _RUNS), None)
        if function is None or run is None or _taken_back(module, run, function):
            continue
        yield Match(
            entry,
            f"When '{run.name}' in line {run.line} fails, the half-made module stays in sys.modules: the next import "
            "of this name gets it without an error.",
            related=((run, "the code of the module runs here"),),
        )


def _enters(module: Module, node: Node) -> bool:
    """Tell whether a node enters a module: ``sys.modules[name] = module``, ``sys.modules.setdefault(name, module)``."""
    holder: Expr | None = None
    if isinstance(node, Assign) and isinstance(node.target, Index):
        holder = node.target.object
    elif isinstance(node, Call) and node.name == "setdefault":
        holder = node.receiver
    return holder is not None and module.resolve(holder) == "sys.modules"


def _taken_back(module: Module, run: Call, function: Function) -> bool:
    """Tell whether a failure takes the entry out again, here or in a caller of the same file."""
    inner: Node = run
    for around in ancestors(run):
        if isinstance(around, Try) and any(inner is statement for statement in around.body):
            parts: list[Node] = [*around.handlers, *around.final]
            if any(_takes_out(module, part) for part in parts):
                return True
        if isinstance(around, With) and any(_stack(value) for value, _target in around.items):
            return True
        if around is function:
            break
        inner = around
    if not function.name:
        return False
    for call in module.calls((function.name,)):
        for around in ancestors(call):
            if isinstance(around, Handler):
                break
            if isinstance(around, Try) and any(_takes_out(module, part) for part in (*around.handlers, *around.final)):
                return True
    return False


def _takes_out(module: Module, part: Node) -> bool:
    """Tell whether code takes something out of ``sys.modules``, or calls a function of its own that does."""
    for node in walk(part):
        if _drops(module, node):
            return True
        if isinstance(node, Call) and _own_that_takes_out(module, node):
            return True
    return False


def _drops(module: Module, node: Node) -> bool:
    """Tell whether a node takes an entry out, or puts the earlier one back.

    ``sys.modules.pop(name)``, ``del sys.modules[name]``, ``sys.modules[name] = before``.
    """
    if isinstance(node, Assign):
        return isinstance(node.target, Index) and module.resolve(node.target.object) == "sys.modules"
    if isinstance(node, Delete):
        return any(module.resolve(index.object) == "sys.modules" for index in find(node, Index))
    holder = node.receiver if isinstance(node, Call) and node.name == "pop" else None
    return holder is not None and module.resolve(holder) == "sys.modules"


def _own_that_takes_out(module: Module, call: Call) -> bool:
    return any(
        function.name == call.name
        and any(_drops(module, node) for node in walk(function.body) if not isinstance(node, Assign))
        for function in module.functions
        if function.name
    )


def _stack(value: Expr) -> bool:
    opened = strip(value)
    name = opened.name if isinstance(opened, Call) else opened.id if isinstance(opened, Name) else ""
    return "stack" in name.lower() or name in _CLEANS
