"""A message that a class or a function is told to show is no message that somebody sent."""

from __future__ import annotations

import pytest
from idioms import inquiry_of

from reviewer.core.scale import Confidence
from reviewer.experts.security.injection.html_from_outside import html_from_outside

SHOWN = """
export class {name} {{
  constructor(element, message) {{
    this.element = element;
    this.message = message;
  }}

  update() {{
    this.element.innerHTML = this.message;
  }}
}}
"""
ENDED = """
export function end(element, {name}) {{
  element.innerHTML = {name};
}}
"""


@pytest.mark.parametrize(
    ("text", "name", "sure"),
    [
        (SHOWN, "KilnProgress", Confidence.POSSIBLE),
        (SHOWN, "PacketView", Confidence.LIKELY),
        (ENDED, "endMessage", Confidence.POSSIBLE),
        (ENDED, "message", Confidence.LIKELY),
    ],
)
def test_a_message_to_people_is_no_message_from_outside(text: str, name: str, sure: Confidence) -> None:
    """What is shown comes from whoever makes the object; what is received comes from outside."""
    inquiry = inquiry_of({"src/shown.js": text.format(name=name)})
    (module,) = inquiry.project.modules()
    assert [one.confidence for one in html_from_outside(inquiry, module)] == [sure]
