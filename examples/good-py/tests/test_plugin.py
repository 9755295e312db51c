"""The plugin as a host sees it."""

from __future__ import annotations

import unittest

from rights_report.plugin import RightsReport
from tests.fake_host import FakeHost

TRACK = {"month": "2026-05", "isrc": "NLA501600007", "seconds": 215}


class RightsReportTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.host = FakeHost({"station": "hill"})
        self.plugin = RightsReport()

    async def asyncTearDown(self) -> None:
        await self.plugin.deactivate()

    async def test_adds_up_the_airtime_of_a_track(self) -> None:
        await self.plugin.activate(self.host)
        await self.host.handlers["track.finished"](TRACK)
        await self.host.handlers["track.finished"](TRACK)
        month = await self.host.called["rights.month"]({"month": "2026-05"})
        self.assertEqual(month, {"NLA501600007": 430})

    async def test_asks_the_music_library_for_a_code_that_is_missing(self) -> None:
        await self.plugin.activate(self.host)
        await self.host.handlers["track.finished"]({"month": "2026-05", "track": 71, "seconds": 9})
        self.assertEqual(self.host.executed, [("music-library.isrc", {"track": 71}, 2.0)])
        self.assertEqual(await self.host.called["rights.month"]({"month": "2026-05"}), {"NLA501600007": 9})

    async def test_says_that_a_track_makes_no_sense_and_goes_on(self) -> None:
        await self.plugin.activate(self.host)
        await self.host.handlers["track.finished"]({**TRACK, "seconds": -3})
        await self.host.handlers["track.finished"]({"month": "2026-05"})
        self.assertEqual(len(self.host.warnings), 2)
        self.assertEqual(await self.host.called["rights.month"]({"month": "2026-05"}), {})

    async def test_sends_a_month_once_however_often_it_is_asked(self) -> None:
        await self.plugin.activate(self.host)
        await self.host.handlers["track.finished"](TRACK)
        await self.host.called["rights.submit"]({"month": "2026-05"})
        await self.host.called["rights.submit"]({"month": "2026-05"})
        self.assertEqual({sent["headers"]["idempotency-key"] for sent in self.host.requests}, {"HILL-2026-05"})
        self.assertEqual(self.host.emitted[0], ("rights.submitted", {"month": "2026-05", "tracks": 1}))

    async def test_fails_where_the_report_is_not_taken(self) -> None:
        self.host.status = 500
        await self.plugin.activate(self.host)
        await self.host.handlers["track.finished"](TRACK)
        with self.assertRaisesRegex(RuntimeError, "status 500"):
            await self.host.called["rights.submit"]({"month": "2026-05"})
        self.assertEqual(self.host.emitted, [])

    async def test_refuses_a_month_that_is_none(self) -> None:
        await self.plugin.activate(self.host)
        for arguments in (None, {}, {"month": "2026-13"}, {"month": "../2026-05"}):
            with self.assertRaises(ValueError):
                await self.host.called["rights.month"](arguments)

    async def test_saves_when_it_stops_and_goes_on_from_there(self) -> None:
        await self.plugin.activate(self.host)
        await self.host.handlers["track.finished"](TRACK)
        await self.plugin.deactivate()
        second = RightsReport()
        await second.activate(self.host)
        try:
            self.assertEqual(second.get_state()["months"], {"2026-05": {"NLA501600007": 215}})
        finally:
            await second.deactivate()

    async def test_reads_the_minutes_of_version_1(self) -> None:
        self.host.data["ledger"] = {"version": 1, "months": {"2025-12": {"NLA501600007": 4}}}
        await self.plugin.activate(self.host)
        self.assertEqual(await self.host.called["rights.month"]({"month": "2025-12"}), {"NLA501600007": 240})

    async def test_does_not_start_over_a_state_that_it_can_not_read(self) -> None:
        self.host.data["ledger"] = {"version": 9, "months": {}}
        with self.assertRaisesRegex(ValueError, "version 9"):
            await self.plugin.activate(self.host)
        self.assertEqual(self.host.data["ledger"]["version"], 9)

    async def test_holds_nothing_once_it_has_stopped(self) -> None:
        await self.plugin.activate(self.host)
        self.assertEqual(len(self.host.called) + len(self.host.handlers), 3)
        await self.plugin.deactivate()
        self.assertEqual(len(self.host.called) + len(self.host.handlers), 0)

    async def test_holds_nothing_when_it_can_not_start(self) -> None:
        host = FakeHost({"station": "x"})
        with self.assertRaisesRegex(ValueError, "4 to 8 letters"):
            await self.plugin.activate(host)
        self.assertEqual(host.called, {})


if __name__ == "__main__":
    unittest.main()
