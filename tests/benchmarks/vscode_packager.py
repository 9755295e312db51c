"""The same VS Code extensions through its packager, @vscode/vsce, and through the review.

Run ``python tests/benchmarks/vscode_packager.py --install FOLDER…``. Every extension below the folders is copied without its
scripts, so that nothing of it runs, and packed with ``vsce package``; ``--places`` names what one side alone says.
The packager stops at the first thing that it refuses, so what it did not come to counts as ours alone.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from inputs import peers_folder
from measure import Measured, MeasureError
from side_by_side import Agreement, Pair, costs, kind_of, ours, theirs

PACKAGER = "@vscode/vsce@4.1.0"
PAIRS = [
    Pair(r"SVGs can't be used as icons|Invalid (extension|vscode)|Pricing can only|Badge (URL|SVG)", ("FUN200",)),
    Pair(r"still contains template text|must come from an HTTPS source|SVG tags are not allowed", ("FUN200",)),
    Pair(r"either a 'main' or 'browser'|'extensionKind' property|'sponsor' property|depend on 'vscode'", ("FUN200",)),
    Pair(r"needs the 'activationEvents' property", ("FUN200", "LIF203")),
    Pair(r"@types/vscode .* greater than engines|types/vscode.*greater", ("API205",)),
    Pair(r"entrypoint\(s\) missing", ("REG110", "REG112")),
    Pair(r"'\*' activation", ("LIF200",)),
    Pair(r"'repository' field is missing|LICENSE.* not found|LICEN[CS]E.*not found", ("FUN201",)),
    Pair(r"icon.* wasn't found|The specified icon", ("REG110",)),
    Pair(r"'vscode-samples' publisher", (), "a sample says so on purpose"),
    Pair(r"Missing extension \"publisher\"", (), "a package without a publisher is not for the store"),
    Pair(r"Neither a .*\.vscodeignore", (), "what ships is judged by its files, not by how it is chosen"),
    Pair(r"This extension consists of", (), "how many files are too many is a matter of taste"),
    Pair(r"Couldn't detect the repository", (), "relative links need a repository; FUN201 says that there is none"),
]
JUDGED = frozenset(rule for pair in PAIRS for rule in pair.ours)


def extensions(folders: list[Path]) -> list[Path]:
    """Return the folders of the extensions below some folders."""
    found = []
    for folder in folders:
        for manifest in sorted(folder.rglob("package.json")):
            if "node_modules" in manifest.parts:
                continue
            try:
                said = json.loads(manifest.read_text(encoding="utf-8"))
            except ValueError:
                continue
            if isinstance(said, dict) and "vscode" in (said.get("engines") or {}) and said.get("publisher"):
                found.append(manifest.parent)
    return found


def copy(extension: Path, into: Path) -> Path:
    """Copy an extension without its scripts and what it has installed."""
    target = into / extension.name
    shutil.copytree(extension, target, ignore=shutil.ignore_patterns("node_modules", ".git"), symlinks=True)
    manifest = target / "package.json"
    said = json.loads(manifest.read_text(encoding="utf-8"))
    said.pop("scripts", None)
    manifest.write_text(json.dumps(said, indent=2), encoding="utf-8")
    return target


def judge(extension: Path, program: Path, agreement: Agreement) -> tuple[Measured, Measured]:
    """Hold both judges' words on one extension against each other, and return what they cost."""
    with tempfile.TemporaryDirectory() as folder:
        target = copy(extension, Path(folder))
        command = ["node", str(program), "package", "--no-dependencies", "--out", str(Path(folder) / "packed.vsix")]
        packed = theirs(command, target)
        mine, findings = ours(target)
    said = [line for line in re.split(r"(?=\b(?:ERROR|WARNING)\b)", packed.output) if line.strip()]
    known = {str(one["rule"]) for one in findings if one["rule"] in JUDGED}
    heard: set[str] = set()
    for message in said:
        pair = kind_of(message, PAIRS)
        if pair is None or not pair.ours:
            continue
        hit = known & set(pair.ours)
        heard |= hit
        (agreement.both if hit else agreement.theirs)["/".join(pair.ours)] += 1
        if not hit:
            agreement.places.append(f"vsce alone   {extension.name}: {' '.join(message.split())[:140]}")
    for rule in sorted(known - heard):
        name = next("/".join(pair.ours) for pair in PAIRS if rule in pair.ours)
        agreement.ours[name] += 1
        agreement.places.append(f"review alone {extension.name}: {rule}")
    return mine, packed


def install(home: Path) -> Path:
    """Install the packager below a folder and return its program."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    step = ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", PACKAGER]
    done = subprocess.run(step, cwd=home, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MeasureError(f"npm did not bring {PACKAGER}: {done.stderr.strip()[-400:]}")
    return home / "node_modules" / "@vscode" / "vsce" / "vsce"


def _there(program: Path) -> None:
    """Raise `MeasureError` where the packager is not installed."""
    if not program.is_file():
        raise MeasureError("vsce is not installed: run this with --install")


def main() -> int:
    """Compare over the extensions below the folders that were given."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, help="folders with extensions in them")
    parser.add_argument("--install", action="store_true", help="install the packager first")
    parser.add_argument("--places", action="store_true", help="name what one side alone says")
    wanted = parser.parse_args()
    home = peers_folder() / "vscode"
    program = home / "node_modules" / "@vscode" / "vsce" / "vsce"
    try:
        if wanted.install:
            install(home)
        _there(program)
        agreement = Agreement()
        runs = [judge(extension, program, agreement) for extension in extensions(wanted.folders)]
        agreement.print("vsce", PAIRS, all_places=wanted.places)
        costs("vsce package", [mine for mine, _ in runs], [other for _, other in runs])
    except MeasureError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
