"""The same Obsidian plugins through the linter of its makers, eslint-plugin-obsidianmd, and through the review.

Run ``python tests/benchmarks/obsidian_linter.py --install FOLDER…``. Every plugin below the folders is copied; the linter gets a
configuration and a tsconfig of its own and the types of the app, and nothing else that the plugin depends on. Only its own
rules count (``obsidianmd/…``), place by place; ``--places`` names what one side alone says.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from inputs import peers_folder
from measure import Measured, MeasureError
from side_by_side import Agreement, Pair, costs, ours, theirs

LINTER = ("eslint-plugin-obsidianmd@0.4.2", "eslint@9.39.5", "typescript@5.9.3", "obsidian@1.13.1")
TASTE = "how a text or a style is written"
PAIRS = [
    Pair("obsidianmd/detach-leaves", ("LIF251",)),
    Pair("obsidianmd/no-plugin-as-component", ("LIF253",)),
    Pair("obsidianmd/no-view-references-in-plugin", ("LIF252",)),
    Pair(
        "obsidianmd/no-unsupported-api",
        ("API201",),
        "where older types have a symbol already, its @since is not believed",
    ),
    Pair("obsidianmd/no-tfile-tfolder-cast", ("PAT252",)),
    Pair("obsidianmd/hardcoded-config-path", ("PAT250",)),
    Pair("obsidianmd/vault/iterate", ("PAT251",)),
    Pair("obsidianmd/commands/no-default-hotkeys", ("COM250",)),
    Pair("obsidianmd/commands/no-plugin-id-in-command-id", ("COM251",)),
    Pair("obsidianmd/commands/no-plugin-name-in-command-name", ("COM251",)),
    Pair("obsidianmd/no-nodejs-modules", ("API250",)),
    Pair("obsidianmd/regex-lookbehind", ("API252",)),
    Pair(
        "obsidianmd/no-forbidden-elements", ("FUN251",), "styles that are worked out while it runs can't be in a file"
    ),
    Pair("obsidianmd/ui/sentence-case", (), TASTE),
    Pair("obsidianmd/no-static-styles-assignment", (), TASTE),
    Pair("obsidianmd/prefer-active-doc", (), "pop-out windows: asked for where a plugin means to support them"),
    Pair(
        "obsidianmd/prefer-window-timers",
        (),
        "which of two timers is called makes no difference to what is left behind",
    ),
    Pair("obsidianmd/prefer-instanceof", (), "pop-out windows, likewise"),
    Pair("obsidianmd/no-global-this", (), TASTE),
    Pair("obsidianmd/sample-names", (), "FUN013 and FUN250 look at the manifest's names"),
]
CONFIGURATION = """import obsidianmd from "{plugin}";
export default [
  ...obsidianmd.configs.recommended,
  {{ files: ["**/*.ts", "**/*.tsx"], languageOptions: {{ parserOptions: {{ projectService: true, tsconfigRootDir: import.meta.dirname }} }} }},
];
"""
TSCONFIG = {
    "compilerOptions": {"target": "ES2022", "module": "ESNext", "moduleResolution": "bundler", "strict": True},
    "include": ["**/*.ts", "**/*.tsx"],
}
LEFT_OUT = shutil.ignore_patterns(
    "node_modules", ".git", "eslint.config.*", ".eslintrc*", "tsconfig*.json", "test*", ".obsidian"
)


def plugins(folders: list[Path]) -> list[Path]:
    """Return the folders of the plugins below some folders."""
    found = []
    for folder in folders:
        for manifest in sorted(folder.rglob("manifest.json")):
            inside = manifest.relative_to(folder).parts
            if "node_modules" in inside or ".obsidian" in inside or any(part.startswith("test") for part in inside):
                continue
            try:
                said = json.loads(manifest.read_text(encoding="utf-8"))
            except ValueError:
                continue
            if isinstance(said, dict) and "minAppVersion" in said and "id" in said:
                found.append(manifest.parent)
    return found


def judge(plugin: Path, home: Path, agreement: Agreement) -> tuple[Measured, Measured]:
    """Hold both judges' words on one plugin against each other, place by place, and return what they cost."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder).resolve() / plugin.name
        shutil.copytree(plugin, target, ignore=LEFT_OUT, symlinks=True)
        mine, findings = ours(target)
        module = home / "node_modules" / "eslint-plugin-obsidianmd" / "dist" / "lib" / "index.js"
        (target / "eslint.config.mjs").write_text(CONFIGURATION.format(plugin=module), encoding="utf-8")
        (target / "tsconfig.json").write_text(json.dumps(TSCONFIG), encoding="utf-8")
        (target / "node_modules").symlink_to(home / "node_modules")
        program = home / "node_modules" / "eslint" / "bin" / "eslint.js"
        command = [
            "node",
            str(program),
            "--no-inline-config",
            "--no-error-on-unmatched-pattern",
            "--format",
            "json",
            "**/*.ts",
            "**/*.tsx",
        ]
        linted = theirs(command, target)
        said = _messages(linted.output, target)
    agree(plugin.name, said, findings, agreement)
    return mine, linted


def _messages(output: str, target: Path) -> set[tuple[str, str, int]]:
    """Return (rule, path, line) of what the linter says with its own rules."""
    start = output.find('[{"filePath"')
    if start < 0 and output.rstrip().endswith("[]"):
        return set()  # a plugin that ships built code alone has no file for the linter
    if start < 0:
        raise MeasureError(f"eslint gave no report: {output.strip()[-600:]}")
    report, _end = json.JSONDecoder().raw_decode(output[start:])
    return {
        (message["ruleId"], Path(file["filePath"]).relative_to(target).as_posix(), message["line"])
        for file in report
        for message in file["messages"]
        if (message["ruleId"] or "").startswith("obsidianmd/")
    }


def agree(name: str, said: set[tuple[str, str, int]], findings: list[dict[str, object]], agreement: Agreement) -> None:
    """Count what both say of the same line, and what one alone says."""
    by_rule = {rule: pair for pair in PAIRS for rule in pair.ours}
    places = {(str(one["rule"]), str(one["path"]), int(str(one["line"]))) for one in findings if one["rule"] in by_rule}
    met: set[tuple[str, str, int]] = set()
    for rule, path, line in sorted(said):
        pair = next((one for one in PAIRS if one.theirs == rule and one.ours), None)
        if pair is None:
            continue
        hit = {place for place in places if place[0] in pair.ours and place[1] == path and abs(place[2] - line) <= 1}
        met |= hit
        (agreement.both if hit else agreement.theirs)[pair.ours[0]] += 1
        if not hit:
            agreement.places.append(f"linter alone {name}/{path}:{line} {rule}")
    for rule, path, line in sorted(places - met):
        agreement.ours[rule] += 1
        agreement.places.append(f"review alone {name}/{path}:{line} {rule}")


def install(home: Path) -> None:
    """Install the linter below a folder."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    step = ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", *LINTER]
    done = subprocess.run(step, cwd=home, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MeasureError(f"npm did not bring {LINTER[0]}: {done.stderr.strip()[-400:]}")


def _there(home: Path) -> None:
    """Raise `MeasureError` where the linter is not installed."""
    if not (home / "node_modules" / "eslint-plugin-obsidianmd").is_dir():
        raise MeasureError("the linter is not installed: run this with --install")


def main() -> int:
    """Compare over the plugins below the folders that were given."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, help="folders with plugins in them")
    parser.add_argument("--install", action="store_true", help="install the linter first")
    parser.add_argument("--places", action="store_true", help="name what one side alone says")
    wanted = parser.parse_args()
    home = peers_folder() / "obsidian"
    try:
        if wanted.install:
            install(home)
        _there(home)
        agreement = Agreement()
        runs = [judge(plugin, home, agreement) for plugin in plugins(wanted.folders)]
        agreement.print("the linter", PAIRS, all_places=wanted.places)
        costs("eslint-plugin-obsidianmd", [mine for mine, _ in runs], [other for _, other in runs])
    except MeasureError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
