"""SEC026: code that is to be kept apart gets objects of the host that lead out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Member, Name, Node, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.security.handing.sandboxes import PLUGIN_WORDS, entries, runs
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_OPEN: Final = frozenset(
    "require process globalThis global module Deno Bun fs child_process net fs.promises os sys builtins importlib "
    "subprocess shutil socket ctypes open __import__ builtins.open builtins.__import__ "
    "__builtins__ eval exec compile Function window document pathlib".split()
)
"""Things that give their holder the rights of the whole program."""
_HOST: Final = word_set("host app application kernel server")


@module_check("SEC026", words=PLUGIN_WORDS)
def sandbox_given_host(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the globals of each run, and at what isolates and compartments are endowed with."""
    if module.is_test or is_tooling(module):
        return
    for name, value in _given(module):
        what = _leads_out(module, name, value)
        if what:
            yield Match(value, f"The code that is to be kept apart is given '{name}': {what}.")


def _given(module: Module) -> Iterator[tuple[str, Expr]]:
    for run in runs(module):
        yield from entries(module, run.world)
    if module.language == "python":
        return
    for call in module.calls(("Compartment", "createContext")):
        if call.new or module.resolve(call.callee) == "vm.createContext":
            for name, value in entries(module, call.arg(0)):
                if not any(value is other for run in runs(module) for _n, other in entries(module, run.world)):
                    yield name, value


def _leads_out(module: Module, name: str, value: Node) -> str:
    value = strip(value) if isinstance(value, Expr) else value
    if isinstance(value, Call):
        source = value.arg(0)
        loaded = isinstance(value.callee, Name) and value.callee.id in ("require", "__import__")
        if not loaded or source is None:
            return ""
    if isinstance(value, Name | Member | Call):
        resolved = module.resolve(value)
        if resolved in _OPEN:
            return f"'{short(module.text_of(value))}' opens everything that the host may do"
        if isinstance(value, Name) and value.id == "this":
            return "the whole host"
        if isinstance(value, Name) and value.id in _HOST:
            return "the whole host, with every method and everybody's data"
    return ""
