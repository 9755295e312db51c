"""SEC277: a page that commands the assistant against the person that it works for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.assistant.host import BUNDLE
from reviewer.experts.assistant.page import Role
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.assistant.wording import command_in
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_MOST: Final = 40


@subject_check("SEC277")
def injected_instruction(inquiry: Inquiry) -> Iterator[Match]:
    """Read the prose of every page, the descriptions that are always in the assistant's view, and those of tools."""
    for page in parts_of(inquiry).pages:
        for value in (page.get("description"), page.get("when_to_use")):
            if value is not None and (what := command_in(value.text)):
                yield Match(value, f"The description {what}.")
        told = 0
        for line in page.lines:
            what = command_in(line.text, line.heading) if line.role is Role.PROSE else ""
            if what and told < _MOST:
                told += 1
                start = len(line.text) - len(line.text.lstrip())
                yield Match(page.place(line.number, start), f"'{short(line.text)}' {what}.")
    for value in _descriptions(inquiry):
        what = command_in(value.text)
        if what:
            yield Match(value, f"The description {what}.")


def _descriptions(inquiry: Inquiry) -> Iterator[Value]:
    """Yield the descriptions of tools and prompts in the manifest of a bundle."""
    manifest = inquiry.manifest
    if manifest is None or inquiry.subject.ecosystem != BUNDLE:
        return
    for key in ("tools", "prompts"):
        listed = manifest.get(key)
        for entry in listed.items() if listed is not None else ():
            for value in (entry.get("description"), entry.get("text")):
                if value is not None and value.text:
                    yield value
