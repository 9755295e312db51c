"""FUN009: the file that the manifest names gives the host nothing that it could start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter, is_stopper
from reviewer.code.syntax import Assign, Call, Class, Export, ExprStatement, Function, If, Import, Member, Name, Node
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.fundamentals.entry_points.entries import lead
from reviewer.experts.fundamentals.manifests import entry_fields, plugin_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ANNOUNCES: Final = frozenset(
    "register define plugin plugins extension create add use install setup mount activate start boot hook on listen "
    "run main init connect serve render bootstrap customelements".split()
)
"""Words of calls by which a file announces itself instead of exporting something."""


@subject_check("FUN009")
def entry_exports_nothing(inquiry: Inquiry) -> Iterator[Match]:
    """Look at what the file behind each entry gives."""
    document = plugin_manifest(inquiry)
    if document is None:
        return
    for name, value in entry_fields(document.root)[:4]:
        where = lead(inquiry, value.text)
        module = inquiry.project.module(where.path) if where.path else None
        if module is None or module.problems or where.named or not module.body:
            continue
        gives = _python_gives if module.language == "python" else _script_gives
        if not gives(module):
            yield Match(
                value,
                f"'{name}' is '{short(value.text)}', and that file "
                f"{'defines' if module.language == 'python' else 'exports'} nothing that a host could start.",
                confidence=None if module.language != "python" else Confidence.POSSIBLE,
            )


def _python_gives(module: Module) -> bool:
    if any(isinstance(statement, Import) for statement in module.body) and module.path.endswith("__init__.py"):
        return True
    if any(is_starter(one.name) or is_stopper(one.name) for one in module.functions):
        return True
    return any(cls.bases or cls.decorators for cls in module.classes) or _announces(module)


def _script_gives(module: Module) -> bool:
    """Tell whether a script exports anything, or announces itself to the host."""
    if any(isinstance(statement, Export) for statement in module.body):
        return True
    for assign in module.all(Assign):
        target = assign.target
        while isinstance(target, Member):
            if target.name == "exports" or (isinstance(target.object, Name) and target.object.id == "exports"):
                return True
            if isinstance(target.object, Name) and target.object.id in ("globalThis", "window", "self", "global"):
                return True
            target = target.object
    return any(_fills_exports(call) for call in module.calls(("assign", "defineProperties"))) or _announces(module)


def _fills_exports(call: Call) -> bool:
    """Tell whether a call puts members into what a file exports: ``Object.assign(exports, {…})``."""
    first = call.arg(0)
    return (first.id if isinstance(first, Name) else first.name if isinstance(first, Member) else "") == "exports"


def _announces(module: Module) -> bool:
    for statement in module.body:
        if isinstance(statement, ExprStatement | If | Assign):
            for call in find(statement, Call):
                if not _ANNOUNCES.isdisjoint(words(call.name)) or _runs_itself(call):
                    return True
    return "__exportStar" in module.identifiers or "defineProperty" in module.identifiers


def _runs_itself(call: Call) -> bool:
    """Tell whether a call is a function that runs where it stands, as old bundles do."""
    callee: Node = call.callee
    return isinstance(callee, Function | Class)
