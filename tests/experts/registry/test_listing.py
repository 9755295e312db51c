"""A function that finds plugins and registers them is meant to load them."""

from __future__ import annotations

import pytest
from idioms import inquiry_of

from reviewer.core.scale import Confidence
from reviewer.experts.registry.listing.listing_runs_code import listing_runs_code

TEXT = """
from importlib.metadata import entry_points

class PluginBench:
    def discover(self):
        for point in entry_points(group="bench.plugins"):
            plugin = point.load()
            {use}
"""


@pytest.mark.parametrize(
    ("use", "sure"),
    [
        ("self.register(plugin, point.dist.version)", Confidence.POSSIBLE),
        ("yield plugin.name, plugin.version", None),
    ],
)
def test_loading_in_order_to_register_is_only_a_possible_finding(use: str, sure: Confidence | None) -> None:
    inquiry = inquiry_of({"bench.py": TEXT.format(use=use)})
    (module,) = inquiry.project.modules()
    assert [match.confidence for match in listing_runs_code(inquiry, module)] == [sure]
