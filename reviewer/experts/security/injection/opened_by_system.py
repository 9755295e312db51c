"""SEC047: an address from a page or a plugin goes to the system, which starts a program for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Call, Name, Param, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.values.guards import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("SEC047", words={"external"})
def opened_by_system(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each address that the system is told to open for a look at its scheme."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls({"openExternal"}):
        given = strip(call.args[0]) if call.args else None
        if not isinstance(given, Name) or not _is_shell(module, call) or limited(module, [given], call):
            continue
        bound = module.scopes.lookup(given.id, given)
        if len(bound) == 1 and isinstance(bound[0], Param):
            yield Match(
                call,
                f"'{short(module.text_of(given))}' may have any scheme, and the system starts the program that it has "
                "for it: 'file:', 'smb:' and those of installed programs, too.",
                fix="Let only 'https:' and 'mailto:' pass, by the protocol of a parsed URL.",
            )


def _is_shell(module: Module, call: Call) -> bool:
    name = module.resolve(call.callee)
    return name.startswith("electron.") or name == "shell.openExternal"
