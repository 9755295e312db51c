"""The plugin as the greenhouse controller sees it."""

from __future__ import annotations

import unittest
from types import SimpleNamespace
from typing import Any

from frost_watch.forecast import Bench
from frost_watch.plugin import FrostWatch


class BenchTest(unittest.TestCase):
    def test_keeps_the_last_day(self) -> None:
        bench = Bench("seedlings")
        for reading in range(300):
            bench.add(float(reading))
        self.assertEqual(len(bench.readings), 288)

    def test_sees_a_fall(self) -> None:
        bench = Bench("seedlings", [9.0, 8.0, 6.5])
        self.assertEqual(bench.trend(), -2.5)


class FrostWatchTest(unittest.IsolatedAsyncioTestCase):
    async def test_answers_with_the_last_reading_of_every_bench(self) -> None:
        plugin = FrostWatch()
        plugin._context = SimpleNamespace(logger=None)
        plugin._limit = -10.0
        await plugin._on_reading({"bench": "herbs", "celsius": 11})
        status: dict[str, Any] = await plugin._status({})
        self.assertEqual(status["benches"], {"herbs": 11.0})

    async def test_refuses_a_configuration_without_a_place(self) -> None:
        with self.assertRaises(KeyError):
            FrostWatch().configure({"limit": 2})


if __name__ == "__main__":
    unittest.main()
