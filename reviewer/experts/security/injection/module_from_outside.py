"""SEC049: somebody outside names the module that is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Index, Member, strip
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words
from reviewer.experts.security.reaching.sinks import said, shown, sinks, unlimited
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LOADERS: Final = frozenset(
    "import require importlib.import_module __import__ builtins.__import__ runpy.run_module runpy.run_path "
    "pydoc.locate pkgutil.resolve_name django.utils.module_loading.import_string werkzeug.utils.import_string".split()
)


_SHARED: Final = frozenset("profile recipe preset scene playbook bookmark theme layout dashboard scenario".split())
"""Things that people save and hand to each other, by the name of the variable that holds one."""


@module_check("SEC049", words={"import", "require", "importlib", "runpy", "locate", "pkgutil"})
def module_from_outside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every load of a module whose name is not written out."""
    if module.is_test or is_tooling(module):
        return
    for sink in sinks(module, _LOADERS):
        name = sink.arg(0, "name")
        if name is None or trace(module, name).fixed:
            continue
        found = unlimited(module, name, sink.call, frozenset({"resolve_entry", "entryPath"}))
        if found is not None and not found.outside and _of_shared_file(module, name):
            yield Match(
                sink.call,
                f"'{shown(module, name, 40)}' says which module is loaded, and its code runs at once: who writes the "
                "file that people hand on decides which code that is.",
                confidence=Confidence.LIKELY,
            )
            continue
        if found is None or not found.outside:
            continue
        origin = found.worst()
        sure = bool(found.kinds() & {"request", "message", "stored", "plugin"})
        yield Match(
            sink.call,
            f"'{shown(module, name, 40)}', which comes from {said(origin)}, says which module is loaded, and "
            "its code runs at once.",
            confidence=Confidence.LIKELY if sure else Confidence.POSSIBLE,
        )


def _of_shared_file(module: Module, name: Expr) -> bool:
    """Tell whether the name of a module is read from something that people hand on: ``profile["module"]``."""
    taken = module.scopes.origin(strip(name))
    holder = taken.object if isinstance(taken, Member | Index) else None
    if isinstance(taken, Call) and taken.name == "get":
        holder = taken.receiver
    return holder is not None and bool(set(last_words(holder)[-1:]) & _SHARED)
