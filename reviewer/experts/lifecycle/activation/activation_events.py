"""LIF200 to LIF203: when an editor starts an extension: always, by a misspelt event, twice said, or never."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.nearest import nearest
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.named_commands import named_commands, spoken_elsewhere
from reviewer.experts.editor.contributions import contributed, prefix
from reviewer.experts.editor.events import (
    BY_ITSELF_SINCE,
    KINDS,
    command_ids,
    events,
    has_code,
    implied,
    oldest_editor,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value


@subject_check("LIF200")
def activated_always(inquiry: Inquiry) -> Iterator[Match]:
    """Look for the event that every window has."""
    for event in events(inquiry):
        if event.text == "*":
            yield Match(
                event,
                "'*' activates the extension while every window starts, before the person can type, and whether or "
                "not they use it.",
            )


@subject_check("LIF201")
def activation_event_unknown(inquiry: Inquiry) -> Iterator[Match]:
    """Look for events that no editor sends, and for those that name nothing of the extension's own."""
    for event in events(inquiry):
        kind, colon, name = event.text.partition(":")
        if kind == "*":
            continue
        if kind not in KINDS:
            meant = nearest(kind, KINDS)
            hint = f"; did you mean '{meant}{colon}{name}'?" if meant else "."
            text = f"No editor sends '{event.text[:80]}'{hint} Nothing activates the extension by it."
            yield Match(event, text, confidence=None if meant else Confidence.POSSIBLE)
        elif kind == "onCommand":
            yield from _command(inquiry, event, name)
        elif kind == "onView":
            yield from _view(inquiry, event, name)


def _command(inquiry: Inquiry, event: Value, name: str) -> Iterator[Match]:
    own = command_ids(inquiry)
    code = named_commands(inquiry)
    if not name or name in own or name in code.registered or code.open:
        return
    meant = nearest(name, own | set(code.registered))
    if not meant and prefix(name) not in {prefix(one) for one in own} - {""}:
        return
    if spoken_elsewhere(inquiry, name, 0):
        return
    hint = f"; did you mean '{meant}'?" if meant else "."
    yield Match(
        event, f"The extension waits for the command '{name}', which it neither contributes nor registers{hint}"
    )


def _view(inquiry: Inquiry, event: Value, name: str) -> Iterator[Match]:
    own = {value.text for value in contributed(inquiry, "contributes.views.*.*.id")}
    meant = nearest(name, own)
    if name and name not in own and meant and not spoken_elsewhere(inquiry, name, 0):
        yield Match(
            event, f"The extension waits for the view '{name}', which it does not contribute; '{meant}' it does."
        )


@subject_check("LIF202")
def activation_event_implied(inquiry: Inquiry) -> Iterator[Match]:
    """Look for events that every promised editor makes of the contributions by itself."""
    oldest = oldest_editor(inquiry)
    if not oldest or oldest < BY_ITSELF_SINCE:
        return
    known = implied(inquiry)
    for event in events(inquiry):
        if event.text in known:
            yield Match(
                event,
                f"'{event.text[:80]}' is said twice: since VS Code 1.74 the contribution activates the extension.",
            )


@subject_check("LIF203")
def never_activated(inquiry: Inquiry) -> Iterator[Match]:
    """Look for code that nothing starts in the oldest promised editor."""
    manifest, oldest = inquiry.manifest, oldest_editor(inquiry)
    if manifest is None or not has_code(inquiry) or oldest is None or oldest >= BY_ITSELF_SINCE:
        return
    if events(inquiry) or not implied(inquiry):
        return  # what contributes nothing that waits for it is activated by others
    engine = manifest.get("engines", "vscode")
    if engine is not None:
        yield Match(
            engine,
            f"'engines.vscode' is '{engine.text[:40]}' and there are no activationEvents: an editor before 1.74 never "
            "starts the extension, and its commands are not found.",
        )
