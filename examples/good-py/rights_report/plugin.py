"""The plugin: listens for finished tracks, answers for a month, sends the report."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Final

from rights_report.ledger import Ledger, read_month

if TYPE_CHECKING:
    from rights_report.host import Disposable, PluginContext

SERVICE = "https://reports.collecting.example/v2/airtime"
STATE_KEY = "ledger"
SAVE_EVERY = 30.0
SEND_WITHIN = 15.0
LOOK_UP_WITHIN = 2.0


class RightsReport:
    """Adds up airtime; everything it holds is released when it stops."""

    id: Final = "fm.hillside.rights-report"
    version: Final = "2.1.0"

    def __init__(self) -> None:
        self._context: PluginContext | None = None
        self._station = ""
        self._ledger = Ledger()
        self._unsaved = False
        self._owned: list[Disposable] = []
        self._saver: asyncio.Task[None] | None = None

    async def activate(self, context: PluginContext) -> None:
        """Start; holds nothing of the host when it fails."""
        self._context = context
        try:
            self.configure(context.config.get("rightsReport"))
            self.restore_state(await context.storage.get(STATE_KEY))
            self._owned.append(context.commands.register("rights.month", self._month))
            self._owned.append(context.commands.register("rights.submit", self._submit))
            self._owned.append(context.event_bus.on("track.finished", self._on_track))
            self._saver = asyncio.create_task(self._save_regularly())
        except Exception:
            await self.deactivate()
            raise

    async def deactivate(self) -> None:
        """Stop: take no more tracks, then save what is not saved yet."""
        while self._owned:
            self._owned.pop().dispose()
        if self._saver is not None:
            self._saver.cancel()
            await asyncio.gather(self._saver, return_exceptions=True)
            self._saver = None
        try:
            await self._save()
        finally:
            self._context = None

    def configure(self, config: Any) -> None:
        """Take the configuration; raises ValueError where the station is missing or misspelled."""
        station = config.get("station") if isinstance(config, dict) else None
        if not isinstance(station, str) or not station.isalpha() or not 4 <= len(station) <= 8:
            raise ValueError('rightsReport.station needs 4 to 8 letters, such as "HILL"')
        self._station = station.upper()

    def get_state(self) -> dict[str, Any]:
        """Return everything that has to outlive this process."""
        return self._ledger.dump()

    def restore_state(self, state: object) -> None:
        """Take over a state; raises ValueError where its version is not known."""
        self._ledger = Ledger.load(state)

    async def _on_track(self, payload: Any) -> None:
        context = self._active()
        try:
            recording = payload.get("isrc") or await self._look_up(context, payload["track"])
            self._ledger.add(str(payload["month"]), str(recording), int(payload["seconds"]))
        except (AttributeError, KeyError, TypeError, ValueError, TimeoutError) as error:
            context.logger.warning("a track was not counted: %s", error)
            return
        self._unsaved = True
        if context.metrics is not None:
            context.metrics.count("rights_tracks_counted", 1)

    @staticmethod
    async def _look_up(context: PluginContext, track: object) -> object:
        """Ask the music library for the recording code of a track that came without one."""
        return await context.commands.execute("music-library.isrc", {"track": track}, timeout=LOOK_UP_WITHIN)

    async def _month(self, arguments: Any) -> dict[str, int]:
        return self._ledger.month(self._asked_month(arguments))

    async def _submit(self, arguments: Any) -> int:
        context = self._active()
        month = self._asked_month(arguments)
        tracks = self._ledger.month(month)
        if not tracks:
            raise ValueError(f"nothing was on the air in {month}")
        body = json.dumps({"station": self._station, "month": month, "tracks": tracks}).encode()
        # The same month of the same station is the same report, however often it is sent.
        headers = {"content-type": "application/json", "idempotency-key": f"{self._station}-{month}"}
        async with asyncio.timeout(SEND_WITHIN):
            reply = await context.network.fetch(
                SERVICE, method="POST", body=body, headers=headers, credential="collecting-society"
            )
        if reply.status not in (200, 201):
            raise RuntimeError(f"the report of {month} was not taken: status {reply.status}")
        await context.event_bus.emit("rights.submitted", {"month": month, "tracks": len(tracks)})
        return len(tracks)

    async def _save_regularly(self) -> None:
        while True:
            await asyncio.sleep(SAVE_EVERY)
            try:
                await self._save()
            except OSError as error:
                # The next round tries again; stopping here would lose every later track.
                self._active().logger.warning("airtime was not saved: %s", error)

    async def _save(self) -> None:
        if self._context is None or not self._unsaved:
            return
        self._unsaved = False
        try:
            await self._context.storage.set(STATE_KEY, self.get_state())
        except BaseException:
            self._unsaved = True
            raise

    def _active(self) -> PluginContext:
        if self._context is None:
            raise RuntimeError("Rights Report is not active")
        return self._context

    @staticmethod
    def _asked_month(arguments: Any) -> str:
        return read_month(arguments.get("month") if isinstance(arguments, dict) else None)
