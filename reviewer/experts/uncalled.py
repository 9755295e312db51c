"""Functions that only their own file could call, and that nothing calls: what is left where a call was lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry


def uncalled_functions(inquiry: Inquiry, module: Module) -> Iterator[Function]:
    """Yield the functions of a file that nobody outside of it may name, and that nobody in the subject does.

    What a decorator takes, what a base class may call, and what is handed out by its name is none of them.
    """
    for function in module.once("uncalled functions", lambda: tuple(_hidden_and_alone(module))):
        if all(path == module.path for path in inquiry.project.paths({function.name.removeprefix("#")})):
            yield function


def _hidden_and_alone(module: Module) -> Iterator[Function]:
    for function in module.functions:
        if function.decorators or function.signature_only or not function.name or function.name.startswith("__"):
            continue
        if function.kind not in ("function", "arrow", "method") or not _is_hidden(module, function):
            continue
        name = re.escape(function.name.encode())
        if len(re.findall(rb"(?<![\w$])" + name + rb"(?![\w$])", module.source)) == 1:
            yield function


def _is_hidden(module: Module, function: Function) -> bool:
    """Tell whether only the file, or the class, can name a function."""
    if function.owner is not None:
        return function.private and (not function.owner.bases or function.name.startswith("#"))
    if function.outer is not None:
        return False
    if module.language == "python":
        return function.name.startswith("_")
    before = module.source[module.source.rfind(b"\n", 0, function.start) + 1 : function.start]
    line = before + module.source[function.start : function.start + 20]
    declared = function.kind == "function" and line.lstrip().startswith((b"function", b"async"))
    kept = line.lstrip().startswith((b"const ", b"let ", b"var "))
    return declared or kept
