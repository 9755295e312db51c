"""API025 and texts that are thrown where the same function catches them."""

import pytest
from idioms import findings

JUMP = """\
let util;
export function load(host) {
  try {
    if (typeof host.inherits !== "function") throw "";
    util = host;
  } catch (error) {
    util = null;
  }
}
"""
READ = JUMP.replace("util = null", "host.log(error.message)")
AGAIN = JUMP.replace("util = null", 'throw "no util"')


@pytest.mark.parametrize(("source", "lines"), [(JUMP, []), (READ, [4]), (AGAIN, [4])])
def test_a_text_that_nobody_gets_is_only_a_jump(source, lines):
    assert [line for _, line in findings("API025", {"src/load.js": source})] == lines
