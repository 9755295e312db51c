"""SEC059: a service that launches what the host was asked to run gets the host's environment for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.made import values_of
from reviewer.code.syntax import Array, Call, Literal, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.security.given.environment_given import STARTERS, whole
from reviewer.experts.security.handing.guest_programs import is_handed
from reviewer.experts.security.reaching.sinks import shown
from reviewer.experts.security.values.receivers import is_imported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_LAUNCHES: Final = word_set("launch start boot spawn fork run begin execute exec wake open")
"""First words of what makes a process of its own for something."""
_OPTIONS: Final = frozenset({"env", "environment", "environ", "envVars", "env_vars"})
"""What such a call names the environment of the process."""
_COMMANDS: Final = word_set(
    "command commands cmd cmdline cmdstr program executable binary bin args argv arglist arguments shell"
)
"""Words of a command, which a host has of its own, and of what stands behind it."""


@module_check("SEC059", words={"env", "environ"})
def environment_launched(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each environment that is handed to a service of the host along with what somebody asked to run."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for call in module.all(Call):
        if call.receiver is None or not _LAUNCHES & set(words(call.name)[:1]) or is_imported(module, call.receiver):
            continue
        given = _environment(module, call) if module.resolve(call.callee) not in STARTERS else None
        if given is None:
            continue
        if whole(module, given) and _runs_what_was_asked(module, call):
            at = _made(module, given)
            yield Match(
                at,
                f"What '{shown(module, call.callee, 40)}' runs gets the whole environment of the host, every key and "
                "password in it.",
                related=() if at is given else ((call, "runs it"),),
            )


def _environment(module: Module, call: Call) -> Expr | None:
    """Return what a call says is the environment, as a keyword or in an object of options."""
    for name, value in call.keywords.items():
        if name in _OPTIONS:
            return value
    for arg in call.args:
        options = module.scopes.origin(strip(arg))
        if isinstance(options, Object):
            for key, value in options.entries:
                if isinstance(key, Literal) and key.value in _OPTIONS:
                    return value
    return None


def _made(module: Module, given: Expr) -> Node:
    """Return where the environment is put together, where the file does it."""
    objects = (made for where, made in values_of(module, given) if where is module and isinstance(made, Object))
    return next(objects, given)


def _runs_what_was_asked(module: Module, call: Call) -> bool:
    """Tell whether what is launched is a thing that the function was told of, and no command of the host's own."""
    first = strip(call.args[0]) if call.args else None
    if isinstance(first, Object):
        told = [value for key, value in first.entries if getattr(key, "value", "") not in _OPTIONS]
    else:
        told = [first] if first is not None else []
    if any(isinstance(module.scopes.origin(strip(arg)), Array) for arg in (*call.args[1:], *told)):
        return False
    names = [name for one in told for name in find(one, Name)]
    said = {word for one in told for word in words(module.text_of(one))}
    return not said & _COMMANDS and any(is_handed(module, name) for name in names)
