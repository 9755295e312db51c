"""The checklist by itself: blank or answered, as text, as Markdown to sign, as JSON."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from reviewer.core.checklist import Status
from reviewer.report.colour import Style
from reviewer.report.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.core.checklist import Answer, Question
    from reviewer.core.review import Review
    from reviewer.report.options import RenderOptions

FORMATS: Final = ("text", "markdown", "json")
SCHEMA: Final = "reviewer/checklist/1"

_STYLES: Final = {
    Status.PASS: Style.GOOD,
    Status.FAIL: Style.HIGH,
    Status.WAIVED: Style.MEDIUM,
    Status.NOT_APPLICABLE: Style.FAINT,
    Status.NOT_ASSESSED: Style.PLAIN,
}
_BLANK: Final = "[ ]"


class Item(Struct, frozen=True):
    """A question, and how it was answered; ``status`` is None on a blank sheet."""

    id: str
    expert: str
    question: str
    status: Status | None
    evidence: tuple[str, ...]
    """What was seen; on a blank sheet where to look."""


class Sheet(Struct, frozen=True):
    """The checklist of one subject; ``subject`` is empty on a blank sheet."""

    subject: str
    items: tuple[Item, ...]

    def groups(self) -> Iterator[tuple[str, tuple[Item, ...]]]:
        """Yield each expert with its questions."""
        for expert, items in groupby(self.items, key=lambda item: item.expert):
            yield expert, tuple(items)

    def counts(self) -> str:
        """Say how many items stand how, best first; empty for a blank sheet."""
        found = Counter(item.status for item in self.items if item.status is not None)
        return ", ".join(f"{found[status]} {status.value}" for status in Status if status in found)


def answered(review: Review) -> Sheet:
    """Return the sheet of a review."""
    return Sheet(review.subject.path, tuple(_answered(answer) for answer in review.checklist))


def _answered(answer: Answer) -> Item:
    return Item(answer.id, answer.expert, answer.question, answer.status, answer.evidence)


def blank(questions: Sequence[Question]) -> Sheet:
    """Return a sheet without answers, with what a person looks at for each question."""
    return Sheet(
        "",
        tuple(
            Item(one.id, one.expert, one.question, None, (f"{', '.join(one.kinds)}; {one.evidence}",))
            for one in questions
        ),
    )


def render(sheets: Sequence[Sheet], form: str, options: RenderOptions) -> str:
    """Return the sheets in one of `FORMATS`, with a line feed at the end."""
    if form == "markdown":
        return "\n".join(_markdown(sheet) for sheet in sheets)
    if form == "json":
        from reviewer.report.escape.plain_json import dump

        return dump({"schema": SCHEMA, "checklists": [_data(sheet) for sheet in sheets]})
    return _text(sheets, options)


def _text(sheets: Sequence[Sheet], options: RenderOptions) -> str:
    page = Page(options)
    for sheet in sheets:
        if sheet.subject:
            page.blank()
            page.line((sheet.subject, Style.STRONG))
            page.line(sheet.counts())
        for expert, items in sheet.groups():
            page.blank()
            page.line((expert, Style.STRONG))
            for item in items:
                _write(page, item)
    return page.text()


def _write(page: Page, item: Item) -> None:
    status, style = (_BLANK, Style.PLAIN) if item.status is None else (item.status.value, _STYLES[item.status])
    lead = f"  {status:<{3 if item.status is None else len(Status.NOT_APPLICABLE.value)}} "
    inner = " " * len(lead)
    page.wrapped(f"{item.id} {item.question}", first=((lead, style),), rest=(inner,))
    for evidence in item.evidence:
        page.wrapped(evidence, first=(inner,), rest=(inner,))


def _markdown(sheet: Sheet) -> str:
    from reviewer.report.templates import markdown

    groups = [
        {
            "expert": expert,
            "questions": [
                {
                    "id": item.id,
                    "question": item.question,
                    "status": item.status.value if item.status is not None else "",
                    "evidence": item.evidence,
                }
                for item in items
            ],
        }
        for expert, items in sheet.groups()
    ]
    values = {"subject": sheet.subject, "counts": sheet.counts(), "groups": groups}
    return markdown("checklist.md.j2", values).rstrip("\n") + "\n"


def _data(sheet: Sheet) -> dict[str, Any]:
    return {
        "subject": sheet.subject,
        "items": [
            {
                "id": item.id,
                "expert": item.expert,
                "question": item.question,
                "status": item.status.value if item.status is not None else None,
                "evidence": list(item.evidence),
            }
            for item in sheet.items
        ],
    }
