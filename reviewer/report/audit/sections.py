"""The seven sections of an audit, each with its findings, its answers, and what was seen besides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.report.audit.model import SectionView, Standing
from reviewer.report.audit.standing import asked, standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.core.review import Interface, Review
    from reviewer.library.audit import SectionData
    from reviewer.report.outcome import Told

_LOADED_HERE: Final = ("import()", "require()", "importlib.import_module()", "__import__()")
"""Signs of code that is brought into the process which asks for it."""
_UP_TO_THE_HOST: Final = (
    "Which boundary is around this plugin is up to its host: without one it has all rights of the host, "
    "whatever its manifest asks for."
)


def section(data: SectionData, review: Review, found: Sequence[Told]) -> SectionView:
    """Return one section with its findings; without these and without a question it is not applicable."""
    answers = asked(review, data.checklist)
    stands = standing(answers, shown=bool(found))
    if not answers and not found:
        stands = Standing.NOT_APPLICABLE
    notes = _boundary(review) if data.id == "isolation" else ()
    return SectionView(data.id, data.title, data.about, stands, notes, tuple(found), answers)


def _boundary(review: Review) -> tuple[str, ...]:
    """Say where plugin code runs, as far as the interfaces of a host show it."""
    if review.subject.kind == "plugin":
        return (_UP_TO_THE_HOST,)
    known = {interface.id: interface for interface in review.interfaces}
    notes = []
    loader, process = known.get("loader"), known.get("process")
    here = _first(loader, _LOADED_HERE)
    if here:
        notes.append(
            f"Code is loaded into the process of the host by {here}. What is loaded so has all rights of the host, "
            "whatever it was granted."
        )
    elsewhere = _first(process, ())
    if elsewhere:
        notes.append(
            f"Processes, workers or engines are used ({elsewhere}); a person sees whether plugins run in them."
        )
    elif here:
        notes.append("No process, worker or engine for plugins was seen.")
    return tuple(notes)


def _first(interface: Interface | None, texts: tuple[str, ...]) -> str:
    """Return the first sign with one of these texts, or of all where none are named, with its place."""
    if interface is None:
        return ""
    for sign in interface.signs:
        if not texts or sign.text in texts:
            return f"{sign.text} at {sign.location.path}:{sign.location.line}"
    return ""
