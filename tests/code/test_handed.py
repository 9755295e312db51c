"""What is handed to a class or a function is known where everybody hands over the same, and nowhere else."""

from __future__ import annotations

import pytest

from reviewer.code.project import Project
from reviewer.code.reach.handed import handed_method
from reviewer.code.syntax import Call, Function, Member

GRANTS = "export class Grants { async has(id) { return true; } }\n"
USER = "export class Desk { constructor(grants) { this.grants = grants; } open(id) { return this.grants.has(id); } }\n"


def method(main: str) -> Function | None:
    """What ``this.grants.has`` is in a class, by the file that makes the objects."""
    files = {"grants.js": GRANTS, "desk.js": USER, "main.js": main}
    module = Project(list(files), lambda path: files[path].encode()).module("desk.js")
    assert module is not None
    callee = next(call.callee for call in module.all(Call) if call.name == "has")
    assert isinstance(callee, Member)
    return handed_method(module, callee)


HEAD = "import { Grants } from './grants.js';\nimport { Desk } from './desk.js';\n"


def test_what_every_caller_makes_is_known():
    found = method(HEAD + "const grants = new Grants();\nnew Desk(grants);\nnew Desk(new Grants());\n")
    assert found is not None
    assert (found.name, found.asynchronous) == ("has", True)


@pytest.mark.parametrize("other", ["new Desk(given);\n", "new Desk({ has: () => true });\n", "new Desk(new Map());\n"])
def test_one_caller_that_hands_over_another_thing_is_enough_to_know_nothing(other):
    assert method(HEAD + "new Desk(new Grants());\n" + other) is None
    assert method(HEAD + other + "new Desk(new Grants());\n") is None


def test_nothing_is_known_of_what_nobody_hands_over():
    assert method("export const none = 1;\n") is None
