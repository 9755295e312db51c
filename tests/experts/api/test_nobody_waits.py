"""API010 where nothing follows a call: only its error is lost."""

from __future__ import annotations

import pytest
from idioms import inquiry_of

from reviewer.core.scale import Severity
from reviewer.experts.api.promises.promise_dropped import promise_dropped

HEARD = """
export class Board {{
  open(bus) {{
    bus.on('tide', (level) => {{
      {before}this.draw(level);{after}
    }});
  }}

  async draw(level) {{
    const rows = await this.rows(level);
    if (!rows.length) throw new Error('no rows');
    this.show(rows);
  }}
}}
"""


@pytest.mark.parametrize(
    ("before", "after", "weight", "said"),
    [
        ("", "", Severity.LOW, "takes the error"),
        ("if (level > 2) ", "", Severity.LOW, "takes the error"),
        ("", " this.tell(level);", None, "waits for"),
        ("for (const one of level) ", "", None, "waits for"),
    ],
)
def test_what_is_last_in_an_event_loses_its_error_alone(
    before: str, after: str, weight: Severity | None, said: str
) -> None:
    """The message says no more than what is so, and it weighs less."""
    inquiry = inquiry_of({"src/board.js": HEARD.format(before=before, after=after)})
    (module,) = inquiry.project.modules()
    assert [(one.severity, said in one.message) for one in promise_dropped(inquiry, module)] == [(weight, True)]
