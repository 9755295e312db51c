"""Security rules on idioms of hosts written in other hands than the pages' examples."""

from __future__ import annotations

from tests.experts.idioms import findings


def test_a_merge_written_as_an_arrow_in_a_closure_is_a_deep_merge() -> None:
    code = (
        "export function layered(base, over) {\n"
        "  const result = structuredClone(base);\n"
        "  const lay = (target, source) => {\n"
        "    for (const key of Object.keys(source)) {\n"
        "      if (isPlain(source[key]) && isPlain(target[key])) lay(target[key], source[key]);\n"
        "      else target[key] = source[key];\n"
        "    }\n"
        "  };\n"
        "  lay(result, over);\n"
        "  return result;\n"
        "}\n"
    )
    assert findings("SEC061", {"src/settings.js": code}) == [("src/settings.js", 6)]
    kept = code.replace("source)) {\n", "source)) {\n      if (key === '__proto__') continue;\n")
    assert findings("SEC061", {"src/settings.js": kept}) == []


def test_an_answer_kept_as_allowed_decides_about_a_host() -> None:
    code = (
        "export const access = (hostsOf) => async (slug, address) => {\n"
        "  const url = new URL(address);\n"
        "  const allowed = hostsOf(slug).some((host) => url.hostname.endsWith(host));\n"
        "  if (!allowed) throw new Error('no');\n"
        "  return fetch(url);\n"
        "};\n"
    )
    assert findings("SEC023", {"src/web.js": code}) == [("src/web.js", 3)]
    exact = code.replace("endsWith(host)", "endsWith(`.${host}`)")
    assert findings("SEC023", {"src/web.js": exact}) == []


def test_what_a_vault_gave_is_a_secret_whatever_its_variable_is_called() -> None:
    code = (
        "export async function refresh(bench) {\n"
        "  const key = await bench.config.secret('quotes');\n"
        "  bench.logger.info(`asking with ${key}`);\n"
        "}\n"
    )
    assert findings("SEC067", {"src/a.js": code}, "plugin") == [("src/a.js", 3)]
    harmless = code.replace("config.secret('quotes')", "config.get('quotes')")
    assert findings("SEC067", {"src/a.js": harmless}, "plugin") == []


def test_a_path_object_called_path_is_a_value_and_no_module() -> None:
    code = (
        "class Mate:\n"
        "    async def activate(self, context):\n"
        "        self._undo = context.commands.register('mate.read', self.read)\n"
        "\n"
        "    async def read(self, args):\n"
        "        path = self._inbox / str(args['name'])\n"
        "        return path.read_bytes()\n"
    )
    assert findings("SEC055", {"mate.py": code}, "plugin") == [("mate.py", 6)]
    held = code.replace(
        "        return",
        "        if not path.resolve().is_relative_to(self._inbox):\n            raise ValueError\n        return",
    )
    assert findings("SEC055", {"mate.py": held}, "plugin") == []


def test_the_whole_environment_goes_to_a_script_that_the_program_does_not_name() -> None:
    code = (
        "import { fork } from 'node:child_process';\n"
        "export class ModProcess {\n"
        "  constructor(mod) { this.mod = mod; }\n"
        "  start() { this.child = fork(this.mod.file, [], { env: { ...process.env, MOD: this.mod.slug } }); }\n"
        "}\n"
    )
    assert findings("SEC059", {"src/mods.js": code}) == [("src/mods.js", 4)]
    own = code.replace("this.mod.file", "'./reindex.js'")
    assert findings("SEC059", {"src/mods.js": own}) == []


def test_a_claim_about_the_maker_is_no_proof_of_a_first_party() -> None:
    code = (
        "interface Descriptor { name: string; version: string; entry: string; origin?: string }\n"
        "const firstParty = (d: Descriptor) => d.origin === 'hearth';\n"
        "const local = (d: Descriptor) => d.origin === 'disk';\n"
    )
    assert findings("SEC024", {"src/host.ts": code}) == [("src/host.ts", 2)]
    listed = code.replace("d.origin === 'hearth'", "BUNDLED.has(d.name)")
    assert findings("SEC024", {"src/host.ts": listed}) == []


def test_a_path_is_followed_into_the_function_that_writes_it_in_a_thread() -> None:
    code = (
        "import asyncio\n"
        "from pathlib import Path\n"
        "class Watch:\n"
        "    async def activate(self, context):\n"
        "        self._undo = context.commands.register('frost.export', self._export)\n"
        "\n"
        "    async def _export(self, arguments):\n"
        "        target = Path('exports') / str(arguments['file'])\n"
        "        return await asyncio.to_thread(self._write, target)\n"
        "\n"
        "    def _write(self, target):\n"
        "        return target.write_text('x')\n"
    )
    assert findings("SEC055", {"watch.py": code}, "plugin") == [("watch.py", 8)]
    own = code.replace("str(arguments['file'])", "'today.csv'")
    assert findings("SEC055", {"watch.py": own}, "plugin") == []
