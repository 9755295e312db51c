"""What a call gives on of what it is handed."""

from __future__ import annotations

import pytest

from reviewer.code.project import Project
from reviewer.code.reach.elements import literal_member
from reviewer.code.reach.passed_on import passed_on

TYPED = "function within<T>(ms: number, job: () => Promise<T>): Promise<T> { return run(job, ms); }\n"
RACED = "function within(ms, job) { return Promise.race([job, late(ms)]).finally(stop); }\n"
PYTHON = "import asyncio\n\nasync def within(seconds, job):\n    return await asyncio.wait_for(job, seconds)\n\n"
TYPED_PYTHON = "async def within(seconds: float, job: Awaitable[T]) -> T:\n    ...\n\n"
CASES = (
    ("a.ts", TYPED + "const one = await within(5, () => open(path));", "open(path)"),
    ("a.ts", TYPED + "const one = await within(5, open);", "open"),
    ("a.js", RACED + "const one = await within(5, open(path));", "open(path)"),
    ("a.py", PYTHON + "async def take():\n    one = await within(5, open(path))\n", "open(path)"),
    ("a.py", TYPED_PYTHON + "async def take():\n    one = await within(5, job=open(path))\n", "open(path)"),
    ("a.py", "import asyncio\nasync def take():\n    await asyncio.wait_for(within(1), 5)\n", ""),
    ("a.ts", "function within<T>(ms: number, job: Promise<T>): Promise<void> {}\nwithin(5, open(path));", ""),
    ("a.js", "function within(job) { return job.name; }\nwithin(open(path));", ""),
)


@pytest.mark.parametrize(("path", "source", "given"), CASES)
def test_what_a_deadline_lets_through_is_what_it_was_handed(path: str, source: str, given: str):
    module = Project((path,), lambda _path: source.encode()).module(path)
    assert module is not None
    call = next(iter(module.calls(("within",))))
    found = passed_on(module, call)
    assert (module.text_of(found) if found is not None else "") == given


def test_what_a_type_that_is_waited_for_holds_is_the_type_of_its_member():
    assert literal_member("Promise<{ readonly act: Act }>", "act") == "Act"
    assert literal_member("Promise<Act>", "act") == ""
