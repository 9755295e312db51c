"""SEC034: the permission is asked for and the thing done at the same time: ``Promise.all([may(…), write(…)])``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Call, Expr, Spread, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.asking.asked_too_late import is_effect
from reviewer.experts.security.deciding.decisions import is_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TOGETHER: Final = ("Promise.all", "Promise.allSettled", "asyncio.gather", "trio.gather")


@module_check("SEC034", words={"promise", "gather"})
def asked_beside_the_act(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is begun together with a question about permission."""
    if module.is_test:
        return
    for call in module.calls(("all", "allSettled", "gather")):
        if module.resolve(call.callee) not in _TOGETHER:
            continue
        begun = [one for part in _parts(call) if isinstance(one := strip(part), Call)]
        asked = next((one for one in begun if is_check(module, one)), None)
        done = next((one for one in begun if one is not asked and is_effect(one)), None)
        if asked is not None and done is not None:
            yield Match(
                done,
                f"'{short(module.text_of(done))}' is begun beside the question whether it may be: the refusal comes "
                "too late.",
                related=((asked, "asked here, at the same time"),),
            )


def _parts(call: Call) -> list[Expr]:
    """Return what is begun together: the members of the list, or the arguments."""
    first = strip(call.args[0]) if call.args else None
    parts = first.items if isinstance(first, Array) else call.args
    return [one for one in parts if not isinstance(one, Spread)]
