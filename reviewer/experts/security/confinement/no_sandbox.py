"""SEC025: what is taken for a sandbox is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.handing.sandboxes import PLUGIN_WORDS, runs
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WAYS: dict[str, str] = {
    "node:vm": "its documentation says so: this.constructor.constructor reaches the host's process",
    "vm2": "its escapes can't be mended, and its maintainers gave it up",
    "a 'with' block": "every function's constructor leads out of it",
    "restricted globals": "().__class__.__base__.__subclasses__() leads to everything that is loaded",
}


@module_check("SEC025", words=PLUGIN_WORDS | {"builtins", "vm"})
def no_sandbox(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Report each call that runs code of plugins in the host's heap behind no wall."""
    if module.is_test or is_tooling(module):
        return
    for run in runs(module):
        yield Match(
            run.call,
            f"'{short(module.text_of(run.call.callee))}' with {run.by} is no boundary: {_WAYS[run.by]}.",
            confidence=None
            if inquiry.subject.kind == "host"
            else Confidence.POSSIBLE,  # who runs no plugins shuts none in
        )
