"""COM028 in packages of commands, where a person waits and nobody else, and in those that serve."""

from __future__ import annotations

import pytest
from idioms import inquiry_of

from reviewer.core.scale import Confidence
from reviewer.experts.communication.handlers.blocking_call import blocking_call

PRINT = """
import { execFileSync } from 'node:child_process';
%s
export async function print(sheet) {
  const name = await sheet.name();
  return execFileSync('lp', [name]).toString();
}
"""
COMMAND = '{"name": "quayprint", "bin": {"quayprint": "run.js"}}'
LIBRARY = '{"name": "quayprint", "main": "src/print.js"}'


@pytest.mark.parametrize(
    ("package", "more", "sure"),
    [
        (COMMAND, "", Confidence.POSSIBLE),
        (COMMAND, "import { createServer } from 'node:http';", None),
        (LIBRARY, "", None),
    ],
)
def test_a_command_blocks_nobody_but_who_has_started_it(package: str, more: str, sure: Confidence | None) -> None:
    """What is only run at a terminal is told as possible, what may serve others as it is."""
    inquiry = inquiry_of({"package.json": package, "src/print.js": PRINT % more})
    (module,) = (one for one in inquiry.project.modules() if one.path.endswith(".js"))
    assert [one.confidence for one in blocking_call(inquiry, module)] == [sure]
