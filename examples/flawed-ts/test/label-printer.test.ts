import { strict as assert } from "node:assert";
import { test } from "node:test";
import type { DepotContext } from "../src/depot.ts";
import { LabelPrinter } from "../src/label-printer.ts";

function fakeDepot() {
  const commands = new Map<string, (args: unknown) => Promise<unknown>>();
  const data = new Map<string, unknown>();
  const context: DepotContext = {
    pluginId: "com.parcelpoint.label-printer",
    config: { get: () => ({ printer: "zebra" }) },
    storage: { get: async (key) => data.get(key), set: async (key, value) => void data.set(key, value) },
    commands: {
      register: (name, run) => {
        commands.set(name, run);
        return { dispose: () => void commands.delete(name) };
      },
      execute: async () => ({ recipient: "R. Vos", postcode: "1012AB", grams: 800 }),
    },
    eventBus: { on: () => ({ dispose: () => undefined }), emit: async () => undefined },
    logger: { info: () => undefined, warn: () => undefined },
  };
  return { context, commands, data };
}

test("refuses an order without a number", async () => {
  const { context, commands } = fakeDepot();
  const plugin = new LabelPrinter({ print: async () => undefined });
  await plugin.activate(context);
  await assert.rejects(commands.get("labels.print")!({ recipient: "R. Vos" }), TypeError);
  await plugin.deactivate();
});

test("takes its commands away when it stops", async () => {
  const { context, commands, data } = fakeDepot();
  const plugin = new LabelPrinter({ print: async () => undefined });
  await plugin.activate(context);
  assert.deepEqual([...commands.keys()], ["labels.print", "labels.queue"]);
  await plugin.deactivate();
  assert.equal(commands.size, 0);
  assert.deepEqual(data.get("queue"), { jobs: [] });
});
