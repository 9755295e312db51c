"""FUN012 and classes that a host only offers to whoever makes a plugin."""

from __future__ import annotations

import pytest
from idioms import inquiry_of

from reviewer.core.scale import Confidence
from reviewer.experts.fundamentals.entry_points.interface_not_kept import interface_not_kept

PARTS = """
from abc import ABC, abstractmethod


class Skill(ABC):
    @abstractmethod
    def answer(self, text): ...


class QuietSkill(Skill):
    def hush(self):
        return None
"""


@pytest.mark.parametrize(
    ("use", "sure"),
    [
        ("from parts import QuietSkill\n\n\ndef start(host):\n    host.add(QuietSkill())\n", None),
        ("from parts import QuietSkill\n\nSKILLS = [QuietSkill]\n", None),
        ("from parts import Skill\n", Confidence.POSSIBLE),
    ],
)
def test_a_class_that_nobody_makes_may_be_there_to_be_filled_in(use: str, sure: Confidence | None) -> None:
    """Where the host makes it itself, what is missing is missing."""
    inquiry = inquiry_of({"parts.py": PARTS, "host.py": use})
    module = inquiry.project.module("parts.py")
    assert module is not None
    assert [one.confidence for one in interface_not_kept(inquiry, module)] == [sure]
