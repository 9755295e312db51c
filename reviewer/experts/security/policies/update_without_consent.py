"""SEC093: an update places the new version as an installation does, and leaves out the question about permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.text.ideas import HELD
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words, said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call, Class, Function
    from reviewer.experts.check import Inquiry

_RIGHTS: Final = HELD | word_set("permission")
_UPDATES: Final = word_set("update upgrade refresh autoupdate")
_ASKS: Final = word_set("consent approve approval confirm ask prompt dialog review agree")


@module_check("SEC093", words=_UPDATES)
def update_without_consent(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class whose installation asks about permissions for an update that places a version unasked."""
    if module.is_test:
        return
    for cls in module.classes:
        asking = next((found for method in cls.methods if (found := _asked(method)) is not None), None)
        if asking is None:
            continue
        install, question = asking
        for update in cls.methods:
            if not set(words(update.name)[:1]) & _UPDATES or update is install or _speaks_of_rights(module, update):
                continue
            placed = _placed(cls, install, question, update)
            if placed is not None:
                yield Match(
                    placed,
                    f"'{install.name}' asks about the permissions before this step, and '{update.name}' does not: a "
                    "version that wants more gets it without a question.",
                    related=((question, "asked here"),),
                )
                break


def _asked(method: Function) -> tuple[Function, Call] | None:
    """Return the question to a person about permissions in a method that installs."""
    if set(words(method.name)[:1]) & _UPDATES:
        return None
    for call in calls_in(method.body):
        about = any(path_words(argument) & _RIGHTS for argument in call.args)
        if about and set(words(call.name)) & _ASKS:
            return method, call
    return None


def _speaks_of_rights(module: Module, update: Function) -> bool:
    """Tell whether an update asks somebody or looks at permissions, itself or by a helper."""
    said = said_in(update.body)
    for call in calls_in(update.body):
        helper = callee(module, call)
        if helper is not None:
            said |= set(words(call.name)) | (said_in(helper.body) & _ASKS)
    return bool(said & (_RIGHTS | _ASKS))


def _placed(cls: Class, install: Function, question: Call, update: Function) -> Call | None:
    """Return the call by which an update lands what an installation lands behind its question."""
    own = {method.name for method in cls.methods}
    landing = {
        call.name
        for call in calls_in(install.body)
        if call.start > question.start and is_this_member(call.callee) and call.name in own
    }
    return next((c for c in calls_in(update.body) if is_this_member(c.callee) and c.name in landing), None)
