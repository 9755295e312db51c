"""The plugin: follows the sensors, expects frost, closes the vents."""

from __future__ import annotations

import asyncio
import csv
import subprocess
import time
from pathlib import Path
from typing import Any

from frost_watch.forecast import Bench, pack, tonight, unpack

CHECK_EVERY = 900
SETTLE = 20
MAX_BENCHES = 64


class FrostWatch:
    """Keeps the greenhouse above the lowest temperature that its plants bear."""

    id = "garden.coldframe.frost-watch"
    version = "1.2.0"
    benches: dict[str, Bench] = {}

    def __init__(self) -> None:
        self._context: Any = None
        self._place = (0.0, 0.0)
        self._limit = 3.0
        self._pins: dict[str, str] = {}
        self._commands: list[Any] = []
        self._expected: float | None = None

    async def activate(self, context: Any) -> None:
        """Start following the sensors."""
        self._context = context
        self.configure(context.config.get("frostWatch"))
        stored = await context.storage.get("benches")
        if stored is not None:
            self.benches.update(unpack(stored))
        self._commands.append(context.commands.register("frost.status", self._status))
        self._commands.append(context.commands.register("frost.export", self._export))
        context.event_bus.on("sensor.read", self._on_reading)
        asyncio.create_task(self._check_regularly())

    async def deactivate(self) -> None:
        """Stop; readings are kept for the next start."""
        for command in self._commands:
            command.dispose()
        self._commands.clear()
        self._context.storage.set("benches", pack(self.benches))
        self._context = None

    def configure(self, config: Any) -> None:
        """Take place, limit and the pins of the vents; raises ValueError where they make no sense."""
        if not isinstance(config, dict):
            raise ValueError("frostWatch needs latitude, longitude, limit and pins")
        self._place = (float(config["latitude"]), float(config["longitude"]))
        self._limit = float(config.get("limit", 3.0))
        self._pins = {str(name): str(pin) for name, pin in config.get("pins", {}).items()}

    async def _on_reading(self, payload: Any) -> None:
        name, celsius = str(payload["bench"])[:40], float(payload["celsius"])
        if name not in self.benches and len(self.benches) >= MAX_BENCHES:
            self._context.logger.warning("more than %d benches", MAX_BENCHES)
            return
        bench = self.benches.setdefault(name, Bench(name))
        bench.add(celsius)
        if bench.trend() < -2.0:
            time.sleep(SETTLE)
            smoothed = sum(bench.readings[-3:]) / len(bench.readings[-3:])
            await self._context.event_bus.emit("frost.trend", {"bench": name, "celsius": smoothed})
        if celsius < self._limit:
            await self._close(name)

    async def _check_regularly(self) -> None:
        while True:
            try:
                self._expected = await asyncio.to_thread(tonight, *self._place)
                if self._expected < self._limit:
                    await self._context.event_bus.emit("frost.expected", {"celsius": self._expected})
                    for name in list(self.benches):
                        await self._close(name)
            except Exception:
                pass
            await asyncio.sleep(CHECK_EVERY)

    async def _close(self, name: str) -> None:
        pin = self._pins.get(name, name)
        done = await asyncio.to_thread(
            subprocess.run, f"gpio write {pin} 0", shell=True, capture_output=True, timeout=10, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"the vent over {name} did not close")

    async def _status(self, arguments: Any) -> dict[str, Any]:
        return {
            "expected": self._expected,
            "benches": {name: bench.readings[-1] for name, bench in self.benches.items() if bench.readings},
        }

    async def _export(self, arguments: Any) -> int:
        target = Path("exports") / str(arguments["file"])
        return await asyncio.to_thread(self._write, target)

    def _write(self, target: Path) -> int:
        with target.open("w", newline="", encoding="utf-8") as stream:
            rows = csv.writer(stream)
            for name, bench in sorted(self.benches.items()):
                rows.writerows([name, reading] for reading in bench.readings)
        return len(self.benches)
