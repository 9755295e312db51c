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
