"""COM051: a handler of what was done does the same again, which is told as the same event."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Object, strip
from reviewer.code.text.ideas import LISTEN_WORDS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.circles import comes_again, ways
from reviewer.experts.communication.named_events import is_wire
from reviewer.experts.communication.subscriptions import OFFS, subscriptions
from reviewer.experts.data.messages import short
from reviewer.experts.paths import name_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_DEEDS: Final = {
    "saved": word_set("save store"),
    "created": word_set("create insert"),
    "added": word_set("add insert append"),
    "updated": word_set("update patch modify save"),
    "changed": word_set("change set update replace edit save"),
    "modified": word_set("modify update set edit save"),
    "edited": word_set("edit update"),
    "renamed": word_set("rename"),
    "moved": word_set("move"),
    "written": word_set("write"),
    "sent": word_set("send"),
    "posted": word_set("post"),
    "published": word_set("publish"),
}
"""What was done, with the verbs by which it is done."""
_BEFORE: Final = word_set("before will pre could")
_QUIETLY: Final = word_set("silent silently quiet quietly emit notify origin source skip internal suppress events by")
"""Words of an option by which the host is told not to tell of it."""
_MOST: Final = 200


@module_check("COM051", words=LISTEN_WORDS)
def event_of_own_deed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each handler of something that was done for the call that does it to the same kind of thing."""
    if module.is_test:
        return
    for found in islice(subscriptions(module), _MOST):
        handler = found.handler
        if handler is None or is_wire(found.receiver) or any(call.name in OFFS for call in calls_in(handler.body)):
            continue
        for call, frame in ways(handler, {}):
            name = next((one for one in found.names if _does(call, one)), "")
            sent = call.args[0] if call.args else None
            if not name or frame.function.module is not module or _quietly(call):
                continue
            own = definition(module, call.callee)
            if isinstance(own, Function) and not own.signature_only:
                continue  # what the subject's own functions do is looked at in them
            if comes_again(frame, sent):
                yield Match(
                    call,
                    f"'{short(module.text_of(call.callee))}' does in the handler of '{name}' what is told as '{name}': "
                    "the handler calls itself without an end.",
                    fix="Ask whether it was done already, or whose change it is, before it is done again.",
                    related=((found.call, "subscribed here"),),
                )
                break


def _does(call: Call, event: str) -> bool:
    """Tell whether a call does what an event tells: ``notes.save(note)`` for ``note.saved``, ``saveNote(note)``."""
    said, verb = words(event), words(call.name)
    done = _DEEDS.get(said[-1]) if len(said) > 1 else None
    if done is None or set(said) & _BEFORE or not verb or verb[0] not in done:
        return False
    holder = name_words(call.receiver) if call.receiver is not None else ()
    return _one(said[-2]) in {_one(word) for word in (*holder, *verb[1:])}


def _one(word: str) -> str:
    """Return the singular of a word: ``entry`` of ``entries``."""
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")


def _quietly(call: Call) -> bool:
    """Tell whether a call says beside the thing that nobody is to be told, or who did it."""
    options = (made for arg in call.args[1:] if isinstance(made := strip(arg), Object))
    keys = {key for made in options for key in made.keys}
    return any(set(words(key)) & _QUIETLY for key in (*keys, *call.keywords))
