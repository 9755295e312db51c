"""API024: whether a plugin has a hook is found out by running it, and what fails inside of the hook looks the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Expr, Index, Member, Name, Throw, Try, strip
from reviewer.code.walk import find, walk
from reviewer.core.scale import Confidence
from reviewer.experts.api.contracts.asked_elsewhere import is_plugin_like, sources
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Handler
    from reviewer.experts.check import Inquiry

_OF_VALUES: Final = frozenset(name for kind in (str, bytes, dict, list, set, int) for name in dir(kind))
"""Methods of plain values: whoever tries one of them asks what kind of value there is."""
_HANDED_ON: Final = frozenset({"submit", "to_thread", "call_soon", "call", "run"})
"""Calls of which the first argument is what they run."""


@module_check("API024", words={"attribute"})
def absence_by_error(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at handlers that take an error of Python's own for a plugin without the hook that was just run."""
    if module.is_test or module.language != "python" or inquiry.subject.kind != "host":
        return
    for attempt in module.all(Try):
        handler = next((one for one in attempt.handlers if _of_absence(one) and _says_nothing(one)), None)
        if handler is None or len(attempt.body) != 1:
            continue
        hook = next(
            (one for call in find(attempt.body, Call) if (one := _hook(call)) and _is_guests(module, one)), None
        )
        if hook is not None:
            yield Match(
                handler,
                f"An AttributeError from inside of '{hook.name}' looks like a plugin without it, and nobody hears of "
                f"it. Ask first: 'getattr(…, \"{hook.name}\", None)'.",
                related=((hook, "run here"),),
                confidence=Confidence.LIKELY,
            )


def _of_absence(handler: Handler) -> bool:
    return bool(handler.types) and all(last_name(one) == "AttributeError" for one in handler.types)


def _says_nothing(handler: Handler) -> bool:
    """Tell whether a handler does nothing with the error: ``pass``, ``continue``, ``return None``."""
    return not any(isinstance(node, Call | Throw | Assign) for node in walk(handler.body))


def _hook(call: Call) -> Member | None:
    """Return the member of another object that a call runs, itself or in a pool that it is handed to."""
    callee = strip(call.callee)
    handed = (
        strip(call.args[0])
        if call.name in ("submit", "run", "to_thread", "call_soon", "wait_for") and call.args
        else None
    )
    member = handed if isinstance(handed, Member) else callee
    return member if isinstance(member, Member) and member.name not in _OF_VALUES else None


def _is_guests(module: Module, hook: Member) -> bool:
    """Tell whether a member is one of a plugin, by its name or by the table of the host that it comes out of."""
    holder: Expr = strip(hook.object)
    if not isinstance(holder, Name | Index | Call) or (isinstance(holder, Name) and holder.id in ("this", "cls")):
        return False
    own = (cls.method(hook.name) for cls in module.classes)
    if any(method is not None and not method.signature_only for method in own):
        return False
    return is_plugin_like(module, holder) or any("." in one for one in sources(module, holder))
