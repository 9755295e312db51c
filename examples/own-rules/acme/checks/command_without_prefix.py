"""ACME002: commands of ours begin with ``acme.``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Literal
from reviewer.experts.check import Inquiry, Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module


@module_check("ACME002", words={"register"})
def command_without_prefix(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the names under which a plugin registers commands at its context."""
    for call in module.calls(["register"]):
        if module.resolve(call.callee) != "context.commands.register":
            continue
        name = module.scopes.origin(call.args[0]) if call.args else None
        if isinstance(name, Literal) and isinstance(name.value, str) and not name.value.startswith("acme."):
            yield Match(call.args[0], f"The command {name.value!r} does not begin with 'acme.'.")
