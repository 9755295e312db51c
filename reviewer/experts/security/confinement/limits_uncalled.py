"""SEC027: the function that sets the limits of a child is written, and no child runs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.walk import calls_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.uncalled import uncalled_functions

if TYPE_CHECKING:
    from reviewer.code.module import Module

_CONFINES: Final = frozenset({"setrlimit", "setuid", "setgid", "setgroups", "chroot", "prctl", "unshare"})


@module_check("SEC027", words={"setrlimit", "setuid", "setgid", "chroot", "unshare", "prctl"})
def limits_uncalled(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the functions that nothing calls or hands on for one that confines the process which runs it."""
    if module.is_test:
        return
    for function in uncalled_functions(inquiry, module):
        bound = next((call for call in calls_in(function.body) if call.name in _CONFINES), None)
        if bound is not None:
            yield Match(
                function,
                f"'{function.name}' sets the limits of a child by '{bound.name}', and nothing runs it: the code of "
                "plugins takes what it likes.",
                fix="Hand it to the process that is made, as preexec_fn, or set the limits in the child itself.",
            )
