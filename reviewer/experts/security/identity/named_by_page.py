"""SEC020: a page says which plugin it is, and the host, which knows the sender, takes its word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Function, Member, Name, strip
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Param
    from reviewer.experts.check import Inquiry

_HEARS: Final = frozenset({"handle", "handleOnce", "on", "once"})
_GUESTS: Final = PLAIN_GUEST | word_set("widget panel app integration skill caller source sender owner")


@module_check("SEC020", words={"ipc"})
def named_by_page(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the handlers of a desktop host for who a page says that it is."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(_HEARS):
        by = strip(call.args[1]) if len(call.args) > 1 else None
        if call.receiver is None or "ipcMain" not in module.text_of(call.receiver) or not isinstance(by, Function):
            continue
        said = next((param for param in by.params[1:3] if _says_who(param)), None)
        if said is None or _looks_at_sender(by) or not _counts(module, by, said.name):
            continue
        yield Match(
            said,
            f"'{said.name}' is what the page says that it is, and nobody looks at the sender of the message: any page "
            "acts with the rights of another.",
            fix="Find out which plugin it is by 'event.sender' or 'event.senderFrame'.",
        )


def _says_who(param: Param) -> bool:
    said = words(param.name)
    return bool(said) and bool(set(said) & _GUESTS) and said[-1] in _GUESTS | {"id", "key", "name"}


def _looks_at_sender(by: Function) -> bool:
    event = by.params[0]
    if event.fields:
        return bool({"sender", "senderFrame", "frameId", "processId"} & set(event.fields))
    if any(event.name in names_in(arg) for call in calls_in(by.body) for arg in call.args):
        return True  # ``extensionOf(event.sender)``, ``whoSent(event)``
    taken = (one for one in find(by.body, Member) if isinstance(one.object, Name) and one.object.id == event.name)
    return any(one.name in ("sender", "senderFrame", "frameId", "processId") for one in taken)


def _counts(module: Module, by: Function, name: str) -> bool:
    """Tell whether rights, or what somebody keeps, depend on the name."""
    for call in calls_in(by.body):
        if not any(name in names_in(arg) for arg in call.args):
            continue
        if is_check(module, call) or (call.receiver is not None and _about(call)):
            return True
    return False


def _about(call: Call) -> bool:
    """Tell whether a call goes to what keeps rights or data of somebody."""
    return bool(set(last_words(call.receiver)) & (PERMISSION | {"storage", "store", "settings", "secrets", "vault"}))
