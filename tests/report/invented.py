"""Source files and rule pages that exist only for the tests of reports."""

from __future__ import annotations

from msgspec.structs import replace

from reviewer.core.rule import AppliesTo, Rule
from reviewer.core.scale import Confidence, Severity

PERMISSIONS_TS = """\
import { grants } from "./grants";

/** May the plugin do that? */
export async function allowed(plugin: Plugin, permission: string): Promise<boolean> {
\ttry {
\t\tconst granted = await grants.of(plugin.id);
\t\treturn granted.has(permission);
\t} catch (error) { return true; }
}
"""

HOST_TS = """\
import { exec } from "node:child_process";
import { allowed } from "./permissions";

export class PluginHost {
  private readonly plugins = new Map<string, Plugin>();

  async load(path: string, manifest: Manifest): Promise<void> {
    const module = await import(path);
    const plugin = new module.default(this.context);
    await plugin.activate();
    this.plugins.set(manifest.id, plugin);
  }

  async run(plugin: Plugin, command: string) {
    if (await allowed(plugin, "process.run")) {
      exec(`${plugin.settings.shell} -c "${command}" --user=${plugin.settings.user} --cwd=${plugin.settings.directory}`);
    }
  }
}
"""

PLUGIN_JSON = """\
{
  "id": "com.example.weather",
  "name": "天気 Weather 預報",
  "version": "1.2.0",
  "trust": "trusted",
  "permissions": ["*"]
}
"""

SOURCES = {
    ("hosts/desktop", "src/permissions.ts"): PERMISSIONS_TS,
    ("hosts/desktop", "src/host.ts"): HOST_TS,
    ("plugins/weather", "plugin.json"): PLUGIN_JSON,
}


def sources(subject: str, path: str) -> list[str] | None:
    """Give the lines of an invented file."""
    text = SOURCES.get((subject, path))
    return None if text is None else text.split("\n")


FAIL_OPEN = Rule(
    id="SEC014",
    name="fail-open-permission-check",
    expert="security",
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    status="stable",
    since="0.1.0",
    fix="Return false, and record the error, when a permission can't be evaluated.",
    applies_to=AppliesTo(kinds=("host",), languages=("typescript", "javascript", "python")),
    references=("CWE-636", "https://cwe.mitre.org/data/definitions/636.html"),
    checklist=("SEC4",),
    sections={
        "What it finds": (
            "A permission check that answers *yes* when it fails. The handler of an exception, the default\n"
            "of a lookup or a missing branch grants what nobody granted."
        ),
        "Why it matters": (
            "An attacker who can make the check fail is let through:\n\n"
            "- a plugin id that the store can't parse,\n"
            "- a store that is locked because the plugin itself holds it, for as long as it likes and without a"
            " limit that the host could set,\n"
            "- a full disk.\n\n"
            "See [the weakness](https://cwe.mitre.org/data/definitions/636.html) for what has happened."
        ),
        "Bad": (
            "```ts src/permissions.ts\ntry {\n\treturn granted.has(permission);\n"
            "} catch { return true; } // <- here\n```"
        ),
        "Good": "```ts src/permissions.ts\ntry {\n\treturn granted.has(permission);\n} catch { return false; }\n```",
        "When not to apply": "Never for permissions. A feature flag may fail open.",
        "References": "- CWE-636\n- https://cwe.mitre.org/data/definitions/636.html",
    },
    source="skills/security/rules/SEC014-fail-open-permission-check.md",
)

UNDISPOSED = replace(
    FAIL_OPEN,
    id="LIF003",
    name="activation-without-deactivation",
    expert="lifecycle",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    status="preview",
    fix="Keep what activate() returns, and release it when the plugin goes.",
    applies_to=AppliesTo(),
    references=(),
    checklist=(),
    sections={"What it finds": "A host that activates plugins and has no way to stop one."},
    source="skills/lifecycle/rules/LIF003-activation-without-deactivation.md",
)

RULES = {rule.id: rule for rule in (FAIL_OPEN, UNDISPOSED)}
