import { strict as assert } from "node:assert";
import { afterEach, beforeEach, describe, test } from "node:test";
import { TideWindows } from "../src/tide-windows.ts";
import { FakeHost } from "./fake-host.ts";

const HEIGHTS = [
  { at: 3_000, metres: 1.1 },
  { at: 1_000, metres: 2.6 },
  { at: 2_000, metres: 2.4 },
  { at: 4_000, metres: 2.9 },
];
const CONFIG = { ports: ["FRGRV"], refreshHours: 6 };

describe("Tide Windows", () => {
  let host: FakeHost;
  let plugin: TideWindows;

  beforeEach(() => {
    host = new FakeHost();
    host.answer = () => ({ ok: true, status: 200, json: async () => HEIGHTS });
    plugin = new TideWindows(() => 500);
  });

  afterEach(async () => plugin.deactivate());

  test("answers with the stretches that have enough water", async () => {
    await plugin.activate(host.context(CONFIG));
    await host.call("tide-windows.refresh");
    assert.deepEqual(await host.call("tide-windows.next", { port: "FRGRV", draught: 1.8 }), [
      { from: 1_000, to: 2_000 },
      { from: 4_000, to: 4_000 },
    ]);
    assert.deepEqual(host.emitted, [{ name: "tide-windows.refreshed", payload: { ports: ["FRGRV"] } }]);
  });

  test("asks once when two refreshes meet", async () => {
    await plugin.activate(host.context(CONFIG));
    await Promise.all([host.call("tide-windows.refresh"), host.call("tide-windows.refresh")]);
    assert.equal(host.asked.length, 1);
  });

  test("refuses arguments that make no sense", async () => {
    await plugin.activate(host.context(CONFIG));
    await assert.rejects(host.call("tide-windows.next", { port: "../etc", draught: 1 }), TypeError);
    await assert.rejects(host.call("tide-windows.next", { port: "FRGRV", draught: Number.NaN }), RangeError);
  });

  test("keeps predictions over a restart and reads those of version 1", async () => {
    host.data.set("state", { version: 1, tides: { FRGRV: [[1_000, 260]] } });
    await plugin.activate(host.context(CONFIG));
    assert.deepEqual(await host.call("tide-windows.next", { port: "FRGRV", draught: 2 }), [{ from: 1_000, to: 1_000 }]);
  });

  test("starts empty when the stored state comes from a newer version", async () => {
    host.data.set("state", { version: 9, predictions: {} });
    await plugin.activate(host.context(CONFIG));
    assert.deepEqual(host.warnings, ["state of version 9 can't be read"]);
    assert.deepEqual(plugin.getState(), { version: 2, predictions: {} });
  });

  test("says that a port could not be fetched and goes on", async () => {
    host.answer = (url) =>
      url.includes("FRGRV")
        ? { ok: false, status: 503, json: async () => undefined }
        : { ok: true, status: 200, json: async () => HEIGHTS };
    await plugin.activate(host.context({ ports: ["FRGRV", "GBJER"] }));
    await host.call("tide-windows.refresh");
    assert.deepEqual(host.warnings, ["heights of FRGRV: status 503"]);
    assert.deepEqual(Object.keys(plugin.getState().predictions), ["GBJER"]);
  });

  test("releases everything when it stops", async () => {
    await plugin.activate(host.context(CONFIG));
    assert.equal(host.held, 3);
    await plugin.deactivate();
    assert.equal(host.held, 0);
  });

  test("holds nothing when it can't start", async () => {
    await assert.rejects(plugin.activate(host.context({ ports: ["nowhere"] })), TypeError);
    assert.equal(host.held, 0);
  });
});
