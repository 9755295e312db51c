"""What a dataclass or a named tuple of Python is given where it is made."""

from __future__ import annotations

import pytest

from reviewer.code.project import Project
from reviewer.code.reach.records import given_fields, record_class

_HEAD = (
    "from dataclasses import dataclass\n\n\n"
    "@dataclass\nclass Base:\n    name: str\n\n\n"
    "@dataclass\nclass Grant(Base):\n    right: str\n    until: float = 0\n\n\n"
    "class Made:\n    name: str\n\n    def __init__(self, other):\n        self.name = other\n\n\n"
)


def _given(call: str) -> list[tuple[str, str]]:
    source = f"{_HEAD}made = {call}\n"
    module = Project(("a.py",), lambda _path: source.encode()).module("a.py")
    assert module is not None
    found = [one for one in module.calls(("Grant", "Made", "dict")) if module.text_of(one) == call]
    return [(name, module.text_of(value)) for name, value in given_fields(module, found[0])]


@pytest.mark.parametrize(
    ("call", "given"),
    [
        ("Grant('a', 'read', 3.0)", [("name", "'a'"), ("right", "'read'"), ("until", "3.0")]),
        ("Grant('a', right='read')", [("name", "'a'"), ("right", "'read'")]),
        ("Grant('a', *rest)", [("name", "'a'")]),
        ("Grant(**row)", []),
    ],
)
def test_fields_are_given_by_their_place_and_by_name_those_of_a_base_first(call, given):
    assert _given(call) == given


@pytest.mark.parametrize("call", ["Made('a')", "dict(name='a')"])
def test_what_has_a_constructor_of_its_own_is_no_record(call):
    assert _given(call) == []


def test_a_record_is_found_by_its_class():
    source = f"{_HEAD}made = Grant('a', 'read')\n"
    module = Project(("a.py",), lambda _path: source.encode()).module("a.py")
    assert module is not None
    cls = record_class(module, next(iter(module.calls(("Grant",)))))
    assert cls is not None
    assert cls.name == "Grant"
