"""SEC220: a listener may hold requests up, and the manifest does not ask for the right to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Literal
from reviewer.experts.browser.api import calls_of
from reviewer.experts.browser.permissions import asked_for, names_elsewhere
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call
    from reviewer.experts.check import Inquiry

_RIGHTS: Final = frozenset({"webRequestBlocking", "webRequestAuthProvider"})
_EVENTS: Final = tuple(
    f"webRequest.{event}.addListener"
    for event in ("onBeforeRequest", "onBeforeSendHeaders", "onHeadersReceived", "onAuthRequired")
)
_BLOCKS: Final = frozenset({"blocking", "asyncBlocking"})


@subject_check("SEC220")
def blocking_without_right(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the listeners of requests that are added as blocking ones."""
    if inquiry.manifest is None or not _can_block(inquiry):
        return
    if not _RIGHTS.isdisjoint({one.name for one in asked_for(inquiry)} | names_elsewhere(inquiry)):
        return
    for module in inquiry.project.modules({"webRequest"}, tests=False):
        for path, call in calls_of(module, *_EVENTS):
            if _blocks(module, call):
                yield Match(
                    locate(module, call),
                    f"'{path.removesuffix('.addListener')}' is given a blocking listener, which needs the permission "
                    "'webRequestBlocking': without it addListener throws, and nothing is held up or changed.",
                    fix='Add "webRequestBlocking" to \'permissions\', or listen without "blocking".',
                )
                return


def _can_block(inquiry: Inquiry) -> bool:
    """Tell whether the browsers that are meant know the right at all: those of version 2, and Firefox."""
    if inquiry.manifest is None:
        return False
    version = inquiry.manifest.get("manifest_version")
    gecko = inquiry.manifest.get("browser_specific_settings", "gecko")
    return gecko is not None or (version is not None and version.data == 2)


def _blocks(module: Module, call: Call) -> bool:
    extra = module.scopes.origin(call.args[2]) if len(call.args) > 2 else None
    if not isinstance(extra, Array):
        return False
    return any((one.value if isinstance(one, Literal) else fixed_text(module, one)) in _BLOCKS for one in extra.items)
