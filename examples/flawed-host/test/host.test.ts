import { strict as assert } from "node:assert";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Commands } from "../src/commands.ts";
import { EventBus } from "../src/event-bus.ts";
import { Grants } from "../src/grants.ts";

let folder = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "lantern-"));
});

after(async () => rm(folder, { recursive: true }));

test("allows what the sheet grants and refuses what it denies", async () => {
  const path = join(folder, "grants.json");
  await writeFile(path, JSON.stringify({ "org.example.quiz": { storage: { read: true, write: false } } }));
  const grants = new Grants();
  await grants.load(path);
  assert.equal(grants.allows("org.example.quiz", "storage", "read"), true);
  assert.equal(grants.allows("org.example.quiz", "storage", "write"), false);
});

test("delivers an event until the handler is taken back", async () => {
  const bus = new EventBus();
  const seen: string[] = [];
  const off = bus.on("room.entered", (event) => void seen.push(event.from));
  await bus.emit({ name: "room.entered", from: "guide", payload: { room: 7 } });
  off();
  await bus.emit({ name: "room.entered", from: "guide", payload: { room: 8 } });
  assert.deepEqual(seen, ["guide"]);
});

test("tells a command who calls it", async () => {
  const commands = new Commands();
  commands.register("org.example.quiz", "quiz/next", async (_, caller) => caller);
  assert.equal(await commands.execute("org.example.route", "quiz/next", {}), "org.example.route");
});
