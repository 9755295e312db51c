"""What the text of a file looks like that defines a function of some name."""

from __future__ import annotations

import pytest

from reviewer.code.text.defining import defines


@pytest.mark.parametrize(
    "text",
    [
        "  async tally(a) {",
        "export function tally(",
        "function* tally(",
        "async def tally(self):",
        "const tally = async (x) => 1",
        "tally: (a, b) => {",
        "tally = kept(async () => 1)",
        "  tally<T>(x: T) {",
        "  private static readonly tally = (\n    a,\n  ) => 1",
        "this.tally = function () {}",
        "  #tally(x) {",
        "const tally: Count<Sheep> = (a) => 1",
        "  public async *tally(",
        "tally = lambda x: 1",
    ],
)
def test_what_may_define_a_function_is_seen(text):
    assert defines("tally")(text.encode())


@pytest.mark.parametrize(
    "text",
    ["x = book.tally(b)", "if (tally(x))", "await this.tally(x)", "tallied(x) {", "tally: true,", "my_tally = lambda"],
)
def test_what_only_calls_or_names_it_is_passed_over(text):
    assert not defines("tally")(text.encode())
