"""SEC049: somebody outside names the module that is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.provenance import trace
from reviewer.experts.security.sinks import said, shown, sinks, unlimited
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LOADERS: Final = frozenset(
    "import require importlib.import_module __import__ builtins.__import__ runpy.run_module runpy.run_path "
    "pydoc.locate pkgutil.resolve_name django.utils.module_loading.import_string werkzeug.utils.import_string".split()
)


@module_check("SEC049", words={"import", "require", "importlib", "runpy", "locate", "pkgutil"})
def module_from_outside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every load of a module whose name is not written out."""
    if module.is_test or is_tooling(module.path):
        return
    for sink in sinks(module, _LOADERS):
        name = sink.arg(0, "name")
        if name is None or trace(module, name).fixed:
            continue
        found = unlimited(module, name, sink.call, frozenset({"resolve_entry", "entryPath"}))
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
