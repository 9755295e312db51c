"""SEC025 and SEC002 for desktop windows: pages with the host's own means, and permissions that are always given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Function, Literal, Name, Object, Return, strip
from reviewer.code.walk import calls_in, find
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.handing.sandboxes import PLUGIN_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_OPEN: Final = {
    "nodeIntegration": (True, "its scripts have 'require' and with it the whole machine"),
    "contextIsolation": (False, "its scripts share their world with the preload script and reach what that can"),
    "webSecurity": (False, "its scripts read the pages and answers of every other site"),
}
"""Preferences of a window that take the wall away: the value that does, and what follows."""
_GUESTS: Final = PLUGIN_WORDS | {"panel", "panels", "app", "apps", "partition", "untrusted"}
_DECIDERS: Final = frozenset({"setPermissionRequestHandler", "setPermissionCheckHandler", "setDevicePermissionHandler"})


@module_check("SEC025", words={"preferences", "webpreferences"})
def page_with_means(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the preferences of each window that is made."""
    if module.is_test or module.language == "python":
        return
    for around in module.all(Object):
        given = around.get("webPreferences")
        preferences = module.scopes.origin(given) if given is not None else None
        for name, (opens, what) in _OPEN.items() if isinstance(preferences, Object) else ():
            value = preferences.get(name) if isinstance(preferences, Object) else None
            said = strip(value) if value is not None else None
            if isinstance(said, Literal) and said.value is opens:
                yield Match(
                    said,
                    f"'{name}: {said.raw_text}' is no boundary around a page: {what}.",
                    confidence=None if module.words & _GUESTS else Confidence.POSSIBLE,
                )
                break


@module_check("SEC002", words={"permission"})
def page_permission_given(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is answered when a page asks for a camera, a place or the clipboard."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(_DECIDERS):
        by = strip(call.args[0]) if call.args else None
        at = _always_yes(by) if isinstance(by, Function) else None
        if at is not None:
            yield Match(
                at,
                "Every permission that a page asks for is given, whichever it is and whoever asks: the camera, the "
                "place, the clipboard.",
            )


def _always_yes(by: Function) -> Expr | None:
    """Return the yes that a function answers with whatever it is asked."""
    callback = by.params[-1].name if len(by.params) > 1 else ""
    for call in calls_in(by.body):
        given = strip(call.args[0]) if len(call.args) == 1 else None
        if isinstance(call.callee, Name) and call.callee.id == callback and _is_true(given):
            return None if conditions(call) else call
    answers = list(find(by.body, Return, into_functions=False))
    only = answers[0].value if len(answers) == 1 else None
    return only if only is not None and _is_true(strip(only)) and not conditions(answers[0]) else None


def _is_true(value: Expr | None) -> bool:
    return isinstance(value, Literal) and value.value is True
