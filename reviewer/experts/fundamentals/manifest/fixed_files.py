"""Files of a plugin's folder whose names the host gives itself, and which of them it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Binary, Call, Expr, Literal, Name, Node, Template, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.data.patterns import found
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location

USUAL: Final = (
    r"(?i)(^|[/\\])(index|main|plugin|extension|addon|addin|module|mod|entry|init|__init__|__main__|app|skill|widget|bot|effect|"
    r"overlay|theme|start|bundle|code|script)\.([cm]?[jt]s|py)$"
)
"""A file by a name that entry points usually have."""
_CODE: Final = r"(?i)^[/\\]?(?:[\w-]{1,40}[/\\]){0,3}[\w-]{1,40}\.([cm]?[jt]s|py)$"
"""A file of code by a name of its own."""
_JOINS: Final = frozenset({"join", "resolve", "joinpath", "Path", "URL", "PurePath", "format", "concat"})
LOADS: Final = ("import_module", "spec_from_file_location", "import", "require", "run_path", "__import__")
STARTS: Final = (
    "Worker",
    "fork",
    "spawn",
    "spawnSync",
    "execFile",
    "Popen",
    "create_subprocess_exec",
    "run",
    "importModule",
    "SourceFileLoader",
)
"""Calls that run a file in a thread or process of its own."""
_OWN: Final = ("__dirname", "__file__", "import.meta")
_DEEPEST: Final = 2


def run_files(module: Module, calls: tuple[str, ...]) -> Iterator[tuple[Location, str]]:
    """Yield the runs of a fixed file of a folder that is not fixed: ``import(join(folder, "dist", "gate.js"))``.

    Where the path is made by a function of the subject, the place is in there.
    """
    for call in module.calls(calls):
        if call.name == "run" and not module.resolve(call.callee).startswith("subprocess"):
            continue
        given = call.arg(1) if call.name == "spec_from_file_location" else call.arg(0)
        if isinstance(given, Literal) and isinstance(given.value, str) and _on_path(module, call):
            yield locate(module, call), f"{given.value}.py"
        if call.name in ("import_module", "__import__") and given is not None:
            last = _last_part(module, given)
            if last:
                yield locate(module, call), f"{last}.py"
        asked = call.args if call.name in STARTS else [given] if given is not None else []
        for one in asked:
            for at, expr in _ways(module, one, _DEEPEST):
                yield from _files(at, expr)


def _files(module: Module, expr: Expr) -> Iterator[tuple[Location, str]]:
    for literal in [expr] if isinstance(expr, Literal) else find(expr, Literal):
        text = _text(module, literal)
        around = joined(module, literal) if found(_CODE, text) else None
        if around is not None:
            yield locate(module, around), text.lstrip("/")
    for name in find(expr, Name):  # a constant for the file's name
        held = module.scopes.origin(name)
        text = _text(module, held) if isinstance(held, Literal) else ""
        around = joined(module, name) if found(_CODE, text) else None
        if around is not None:
            yield locate(module, around), text.lstrip("/")


def _text(module: Module, literal: Node) -> str:
    value = literal.value if isinstance(literal, Literal) else None
    return value if isinstance(value, str) and len(value) <= 120 else ""


def _ways(module: Module, expr: Expr, depth: int) -> Iterator[tuple[Module, Expr]]:
    """Yield an expression, what its names were given, and what the functions of the subject give back that it calls."""
    yield module, expr
    if not depth:
        return
    for name in find(expr, Name):
        held = module.scopes.origin(name)
        if isinstance(held, Expr) and held is not name and not isinstance(held, Literal):
            yield from _ways(module, held, depth - 1)
    for call in find(expr, Call):
        maker = callee(module, call)
        for answer in returns_of(maker) if maker is not None and maker.kind != "constructor" else ():
            if maker is not None and answer.value is not None:
                yield from _ways(maker.module, answer.value, depth - 1)


def _last_part(module: Module, given: Expr) -> str:
    """Return the module that is imported of each package, whichever that is: ``f"plugins.{name}.plugin"``."""
    made = module.scopes.origin(given)
    parts = made.items if isinstance(made, Template) else [made.left, made.right] if isinstance(made, Binary) else []
    last = strip(parts[-1]) if len(parts) > 1 and isinstance(parts[-1], Expr) else None
    text = last.value if isinstance(last, Literal) and isinstance(last.value, str) else ""
    return text[1:] if found(r"^\.[a-z_]\w*$", text) and not isinstance(strip(parts[-2]), Literal) else ""


def _on_path(module: Module, call: Call) -> bool:
    """Tell whether a module is imported by a name of the host's, out of a folder that was just put on the path."""
    function = function_of(call)
    if function is None or call.name not in ("import_module", "__import__"):
        return False
    puts = (one for one in find(function.body, Call) if one.name in ("insert", "append") and one.receiver is not None)
    return any(module.resolve(one.receiver) == "sys.path" and not isinstance(one.args[-1], Literal) for one in puts)


def usual_files(module: Module) -> Iterator[tuple[Location, str]]:
    """Yield the places where a file of a plugin's folder is named by a name that entry points usually have."""
    for literal in module.all(Literal):
        text = literal.value
        if not isinstance(text, str) or len(text) > 60 or not found(USUAL, text):
            continue
        around = joined(module, literal)
        if around is not None:
            yield locate(module, around), text.lstrip("/")


def joined(module: Module, part: Expr) -> Node | None:
    """Return the expression that puts a file name behind a folder that is given, or None."""
    parent = part.parent
    if isinstance(parent, Template) and len(parent.items) > 1 and parent.items[-1] is part:
        return parent if _is_given(module, list(parent.holes)) else None
    if isinstance(parent, Binary) and parent.op in ("+", "/") and parent.right is part:
        return parent if _is_given(module, [parent.left]) else None
    if isinstance(parent, Call) and parent.name in _JOINS and len(parent.args) + (parent.receiver is not None) > 1:
        others = [strip(arg) for arg in parent.args if arg is not part]
        receiver = parent.receiver
        if any(not isinstance(one, Literal) for one in others) or (not others and receiver is not None):
            return parent if _is_given(module, others or ([receiver] if receiver is not None else [])) else None
    return None


def _is_given(module: Module, folder: list[Expr]) -> bool:
    """Tell whether a folder is not that of the program itself."""
    texts = [module.text_of(one) for one in folder]
    for one in folder:
        for name in find(one, Name):
            held = module.scopes.origin(name)
            texts += [module.text_of(held)[:200]] if isinstance(held, Expr) else []
    return not any(own in text for text in texts for own in _OWN)
