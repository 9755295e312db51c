"""SEC375: whoever sends a plugin a message chooses which command of the host it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, Name, Template, strip
from reviewer.code.walk import names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words
from reviewer.experts.security.reaching.sinks import unlimited
from reviewer.experts.security.values.origins import SAID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_RUNS: Final = frozenset({"execute", "executeCommand", "execute_command", "invoke", "run", "dispatch", "call"})
_COMMANDS: Final = frozenset({"commands", "command"})
_SENDERS: Final = frozenset({"message", "remote", "request"})
"""Kinds of origin that somebody outside of the host decides about; what a person set is theirs to choose."""


@module_check("SEC375", words=_COMMANDS)
def message_names_command(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each command that is run under a name which is not fixed."""
    if module.is_test:
        return
    for call in module.calls(_RUNS):
        name = call.arg(0)
        if name is None or _begins_fixed(name) or not set(last_words(call.receiver)[-1:]) & _COMMANDS:
            continue
        if isinstance(whole := strip(name), Name) and whole.id in names_in(call.receiver or ()):
            continue  # ``message.command.run(message)``: the command was found, and is told what it is run for
        found = unlimited(module, name, call)
        if found is None or not found.kinds() & _SENDERS:
            continue
        origin = next(one for one in found.origins if one.kind in _SENDERS)
        yield Match(
            call,
            f"'{short(module.text_of(name))}' comes from {SAID[origin.kind]}, and any command of the host is run by it "
            "with the rights of this plugin.",
        )


def _begins_fixed(name: Expr) -> bool:
    """Tell whether the program decides about a name, or about the namespace that it begins with."""
    name = strip(name)
    return isinstance(name, Literal) or (isinstance(name, Template) and isinstance(name.items[0], Literal))
