// Reads JSON lines {id, path, text} and writes {id, shape, files} for every shape that finds something to change.
// A file that is null in `files` is gone.
import readline from "node:readline";
import { shapes as branches } from "./branches.mjs";
import { closure } from "./closures.mjs";
import { whole as files } from "./files.mjs";
import { helper } from "./helpers.mjs";
import { shapes as members } from "./members.mjs";
import { shapes as names } from "./names.mjs";
import { shapes as spelling } from "./spelling.mjs";
import { parse, print } from "./tree.mjs";

const inTree = { ...branches, ...names, ...members, ...spelling };
const inText = { ...files, closure, helper };

const isWhole = ([path, text]) => text === null || parse(path, text).parseDiagnostics.length === 0;

function* reshaped(path, text) {
  for (const [shape, make] of Object.entries(inTree)) {
    const made = make(parse(path, text));
    if (made) yield [shape, { [path]: print(made) }];
  }
  for (const [shape, make] of Object.entries(inText)) {
    const made = make(path, text);
    if (made) yield [shape, made];
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { id, path, text } = JSON.parse(line);
  if (!isWhole([path, text])) continue;
  for (const [shape, made] of reshaped(path, text)) {
    // A shape that can't write a piece of code is not asked about it.
    if (Object.entries(made).every(isWhole)) console.log(JSON.stringify({ id, shape, files: made }));
  }
}
