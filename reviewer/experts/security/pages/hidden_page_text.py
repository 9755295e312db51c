"""SEC278: text that the assistant reads and people do not see."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.assistant.page import Role
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.assistant.wording import hidden_command_in
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from reviewer.experts.assistant.page import Line, Page
    from reviewer.experts.check import Inquiry

_TAGS: Final = regex("[\U000e0020-\U000e007f]+")
_FLAG: Final = "\U0001f3f4"
_TURNING: Final = regex("[\u202a-\u202e\u2066-\u2069]")
_WIDTHLESS: Final = regex("[\u200b\u2060-\u2064\u180e\ufeff]")
_JOINED: Final = regex("(?<=[ -~])[\u200c\u200d](?=[ -~])")
_MANY: Final = 3
"""Characters without width in one line that no slip of an editor explains."""
_COMMENT: Final = regex(r"<!--(.{0,2000}?)(?:-->|$)")
_ADDRESSED: Final = (
    r"(?i)\b(assistant|claude|agent|ai|model|llm|you)\b.{0,40}\b(must|should|shall|always|silently|now|first|also)\b"
    r".{0,60}\b(run|execute|send|fetch|curl|upload|post|read|delete|install|include|append|call|use)\b"
    r"|\b(silently|secretly|quietly)\b.{0,60}\b(run|execute|send|fetch|upload|post|read|delete|install)\b"
    r"|\b(run|execute|fetch)\b.{0,40}\b(curl|wget|https?://|base64)"
)
_BLOB: Final = regex(r"(?<![A-Za-z0-9+/=,:._-])[A-Za-z0-9+/]{60,4000}={0,2}(?![A-Za-z0-9+/])")
_TEXT: Final = regex(rb"[\t\n\r\x20-\x7e]{40,}")
_UNSEEN: Final = (
    r"(?i)style\s*=\s*[\"'][^\"']*(display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0[^.]|"
    r"color\s*:\s*(white|#fff(fff)?\b|transparent))|<\w+[^>]*\shidden[\s>]"
)
_FAR: Final = regex(r"\S?[ \t]{200,}\S")
_MOST: Final = 40


@subject_check("SEC278")
def hidden_page_text(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the characters, the comments, the blobs and the styles of every page."""
    for page in parts_of(inquiry).pages:
        for number, match in enumerate(_page(page)):
            if number == _MOST:
                break
            yield match


def _page(page: Page) -> Iterator[Match]:
    for value in (page.get("description"), page.get("name")):
        if value is not None and (_TAGS.search(value.text) or _TURNING.search(value.text)):
            yield Match(value, "Characters that nobody sees stand in it, and the assistant reads them.")
    comment: list[Line] = []
    for line in page.lines:
        yield from _characters(page, line)
        if line.role is Role.COMMENT:
            comment.append(line)
            if "-->" not in line.text[line.text.rfind("<!--") + 4 :]:
                continue
        if comment:
            yield from _comment(page, comment)
            comment = []
        if line.role is not Role.FENCE:
            yield from _styles(page, line)
        yield from _blobs(page, line)
    if comment:
        yield from _comment(page, comment)


def _characters(page: Page, line: Line) -> Iterator[Match]:
    if line.text.isascii():
        return
    for hit in _TAGS.finditer(line.text):
        if _FLAG in line.text[: hit.start()][-2:]:
            continue
        said = "".join(chr(ord(sign) - 0xE0000) for sign in hit.group())
        yield Match(
            page.place(line.number, hit.start(), hit.end()),
            f"Characters that nobody sees say '{short(said)}' to the assistant.",
        )
    turning = _TURNING.search(line.text)
    if turning is not None:
        yield Match(
            page.place(line.number, turning.start(), turning.end()),
            f"U+{ord(turning.group()):04X} turns the direction of the text: what is shown is not what is read.",
        )
    widthless = [*_WIDTHLESS.finditer(line.text), *_JOINED.finditer(line.text)]
    if len(widthless) >= _MANY:
        first = min(widthless, key=lambda hit: hit.start())
        yield Match(
            page.place(line.number, first.start(), first.end()),
            f"{len(widthless)} characters without width stand in this line: they can carry a text of their own.",
            confidence=Confidence.LIKELY,
            severity=Severity.MEDIUM,
        )


def _comment(page: Page, lines: list[Line]) -> Iterator[Match]:
    """Yield where a comment, which people don't see on the rendered page, commands something."""
    whole = "\n".join(line.text for line in lines)
    said = " ".join(hit[1] for hit in _COMMENT.finditer(whole.replace("\n", " ")))
    what = hidden_command_in(said) or ("tells the assistant what to do" if found(_ADDRESSED, said) else "")
    if what:
        first, last = lines[0], lines[-1]
        start = max(first.text.find("<!--"), 0)
        place = page.place(first.number, start, None if last is not first else len(first.text))
        yield Match(place, f"A comment, which is not shown, {what}: '{short(said)}'.")


def _styles(page: Page, line: Line) -> Iterator[Match]:
    if found(_UNSEEN, line.text):
        yield Match(page.place(line.number), "This element is not shown to people, and the assistant reads it.",
                    confidence=Confidence.LIKELY)  # fmt: skip
    far = _FAR.search(line.text)
    if far is not None:
        yield Match(
            page.place(line.number, far.start(), far.end()), "Text stands far out to the right, where nobody looks."
        )


def _blobs(page: Page, line: Line) -> Iterator[Match]:
    """Yield encoded stretches that are text when they are decoded."""
    if len(line.text) < 60:
        return
    for hit in _BLOB.finditer(line.text):
        try:
            decoded = base64.b64decode(hit.group() + "=" * (-len(hit.group()) % 4), validate=True)
        except (binascii.Error, ValueError):
            continue
        text = _TEXT.match(decoded)
        if text is not None and len(text.group()) > len(decoded) * 0.9 and b" " in decoded:
            said = decoded.decode("ascii", "replace")
            yield Match(
                page.place(line.number, hit.start(), hit.end()),
                f"An encoded stretch says '{short(said)}', which nobody can read who looks at the page.",
                severity=Severity.HIGH if hidden_command_in(said) or found(r"\b(curl|wget|bash|sh|rm|eval)\b", said)
                else Severity.MEDIUM,
                confidence=Confidence.LIKELY,
            )  # fmt: skip
