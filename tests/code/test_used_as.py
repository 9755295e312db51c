"""What is asked of an object says what it is, where one class at hand has all of it."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module
from reviewer.code.reach.links import class_of_value
from reviewer.code.syntax import Call

_KILN = "class Kiln:\n    def heat(self): ...\n    def get(self): ...\n    def cool(self): ...\n\n\n"


def _owner(text: str) -> str:
    module = Module("a.py", (_KILN + text).encode())
    call = next(one for one in module.all(Call) if one.name in ("heat", "get", "fire") and one.receiver is not None)
    found = class_of_value(module, call.receiver)
    return found.name if found is not None else ""


@pytest.mark.parametrize(
    "text",
    [
        "def f(one):\n    one.heat()\n    one.cool()\n",
        "def f(all):\n    for one in all:\n        one.heat()\n",
        "def f(kiln):\n    kiln.get()\n",
        "class Shop:\n    def __init__(self, one):\n        self._one = one\n    def open(self):\n        self._one.heat()\n",
        "class Shop:\n    def __init__(self):\n        self._all = {}\n    def add(self, kiln):\n"
        "        self._all[kiln.cool()] = kiln\n    def open(self, name):\n        self._all[name].heat()\n",
        "class Shop:\n    def __init__(self):\n        self._all = []\n    def add(self):\n        self._all.append(Kiln())\n"
        "    def open(self):\n        for one in self._all:\n            one.get()\n",
    ],
)
def test_it_is_known_by_what_is_asked_of_it(text):
    assert _owner(text) == "Kiln"


@pytest.mark.parametrize(
    "text",
    [
        "def f(one):\n    one.get()\n",
        "def f(one):\n    one.heat()\n    one.serve()\n",
        "def f(one: Oven):\n    one.heat()\n",
        "class Stove:\n    def heat(self): ...\n\n\ndef f(one):\n    one.heat()\n",
        "class Oven:\n    def fire(self):\n        for one in self.ovens:\n            one.fire()\n",
    ],
)
def test_it_stays_unknown_where_it_may_be_something_else(text):
    assert _owner(text) == ""
