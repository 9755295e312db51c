"""The same browser extensions through addons-linter, which Mozilla's store runs, and through the review.

Run ``python tests/benchmarks/addons_linter.py --install FOLDER…``. Every folder with a manifest below the given ones is
judged by both; the linter names no lines in manifests, so that what both judge is held against each other by kind and
extension. ``--places`` names what one side alone says, ``--most N`` takes the first N extensions.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

from inputs import peers_folder
from measure import Measured, MeasureError
from side_by_side import Agreement, Pair, costs, kind_of, ours, theirs

LINTER = "addons-linter@10.13.0"
PAIRS = [
    Pair("^MANIFEST_(ICON|CONTENT_SCRIPT_FILE|BACKGROUND_FILE)_NOT_FOUND$", ("REG110",)),
    Pair("^(NO_DEFAULT_LOCALE|NO_MESSAGES_FILE)", ("REG221",)),
    Pair("^INLINE_SCRIPT$", ("FUN222",)),
    Pair("^REMOTE_SCRIPT$", ("SEC226",)),
    Pair("^MANIFEST_CSP", ("SEC222",)),
    Pair("^(DANGEROUS_EVAL|NO_IMPLIED_EVAL)$", ("SEC048", "SEC050", "SEC227")),
    Pair("^UNSAFE_VAR_ASSIGNMENT$", ("SEC052",)),
    Pair("^BACKGROUND_SERVICE_WORKER_NOFALLBACK$", ("REG222",)),
    Pair("^ADDON_ID_REQUIRED$", ("REG223",)),
    Pair("^MISSING_DATA_COLLECTION", ("REG225",)),
    Pair("^VERSION_FORMAT_INVALID$", ("FUN223",)),
    Pair("^(MANIFEST_FIELD_REQUIRED|MANIFEST_FIELD_INVALID|MANIFEST_VERSION_INVALID)$", ("FUN270", "FUN224")),
    Pair("^INCOMPATIBLE_API$", ("API201",)),
    Pair("^DEPRECATED_API$", ("API202",)),
    Pair("^UNSUPPORTED_API$", ("API220",)),
    Pair("^JS_SYNTAX_ERROR$", ("FUN082",)),
    Pair("^(JSON_INVALID|TYPE_NO_MANIFEST_JSON)$", ("FUN080",)),
    Pair(
        "^(MANIFEST_PERMISSIONS|PERMISSION_)",
        (),
        "permissions that Firefox alone does not know; a misspelt one is FUN221",
    ),
    Pair("^MANIFEST_FIELD_(UNSUPPORTED|DEPRECATED|PRIVILEGED)", (), "members that Firefox alone passes over"),
    Pair("^(KEY_FIREFOX|ANDROID_|KEY_.*ANDROID|STRICT_MAX)", (), "members and API of Firefox for Android"),
    Pair("^(BANNED|UNADVISED|KNOWN|COINMINER)", (), "a list of hashes of libraries that the store keeps"),
    Pair(
        "^(STORAGE_|IDENTITY_|RUNTIME_ON|MISSING_ADDON_ID|APPLICATIONS_|ICON_|.*ICON.*)",
        (),
        "notices for uploads to the store",
    ),
    Pair("^(BACKGROUND_SERVICE_WORKER_IGNORED|INCOGNITO_SPLIT)", (), "what Firefox alone passes over"),
    Pair("^(ALREADY_SIGNED|MANIFEST_UNUSED_UPDATE)$", (), "what a package of the store has that comes back to it"),
    Pair("^UNEXPECTED_GLOBAL_ARG$", (), "how a file is written"),
    Pair("^RESTRICTED_PERMISSION$", ("REG227",)),
]
WHY = {
    "REG222": "the linter asks it of every extension, we of those that speak of Firefox",
    "REG223": "likewise",
    "REG225": "likewise",
    "SEC048": "the linter reads minified libraries too, which we name in the coverage and read with the cheap matches",
    "SEC052": "the linter takes every value that is not written out, we those that come from outside",
    "API201": "a test for the name stands around the use, which the linter passes over",
    "FUN222": "the policy of the manifest allows the script by its hash",
    "FUN270": "Chrome takes an object for 'author', Firefox a text; the schema takes both",
    "SEC222": "a hash in the policy is no other server's code",
    "API220": "the linter names what Firefox does not have; we what the manifest's version does not have",
}


def extensions(folders: list[Path]) -> list[Path]:
    """Return the folders of the extensions below some folders."""
    found = []
    for folder in folders:
        for manifest in sorted(folder.rglob("manifest.json")):
            if "node_modules" in manifest.parts or any(manifest.is_relative_to(one) for one in found):
                continue
            try:
                said = json.loads(re.sub(r"(?m)^\s*//.*$", "", manifest.read_text(encoding="utf-8")))
            except ValueError:
                continue
            if isinstance(said, dict) and said.get("manifest_version") in (2, 3) and "app" not in said:
                found.append(manifest.parent)
    return found


def judge(extension: Path, program: Path, agreement: Agreement) -> tuple[Measured, Measured]:
    """Hold both judges' words on one extension against each other, kind by kind, and return what they cost."""
    mine, findings = ours(extension)
    linted = theirs(["node", str(program), "--output", "json", str(extension)], program.parent)
    start = linted.output.find("{")
    if start < 0:
        raise MeasureError(f"addons-linter gave no report on {extension}: {linted.output.strip()[-400:]}")
    report, _end = json.JSONDecoder().raw_decode(linted.output[start:])
    said = {message["code"] for kind in ("errors", "warnings", "notices") for message in report[kind]}
    _agree(extension.name, said, {str(one["rule"]) for one in findings}, agreement)
    return mine, linted


def _agree(name: str, said: set[str], rules: set[str], agreement: Agreement) -> None:
    met: set[str] = set()
    told: set[str] = set()
    for code in sorted(said):
        pair = kind_of(code, PAIRS)
        if pair is None or not pair.ours:
            if pair is None:
                agreement.places.append(f"linter alone {name} {code}, which no pair names")
            continue
        hit = rules.intersection(pair.ours)
        met |= hit
        if pair.ours[0] in told:
            continue
        told.add(pair.ours[0])
        (agreement.both if hit else agreement.theirs)[pair.ours[0]] += 1
        if not hit:
            agreement.places.append(f"linter alone {name} {code}: {WHY.get(pair.ours[0], '')}")
    judged = {rule for pair in PAIRS for rule in pair.ours}
    for rule in sorted(rules - met):
        agreement.ours[rule if rule in judged else f"{rule} (no peer)"] += 1
        agreement.places.append(f"review alone {name} {rule}")


def install(home: Path) -> None:
    """Install the linter below a folder."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    step = ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", LINTER]
    done = subprocess.run(step, cwd=home, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MeasureError(f"npm did not bring {LINTER}: {done.stderr.strip()[-400:]}")


def _there(program: Path) -> None:
    """Raise `MeasureError` where the linter is not installed."""
    if not program.is_file():
        raise MeasureError("the linter is not installed: run this with --install")


def main() -> int:
    """Compare over the extensions below the folders that were given."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, help="folders that hold extensions")
    parser.add_argument("--install", action="store_true", help="install the linter first")
    parser.add_argument("--places", action="store_true", help="name what one side alone says")
    parser.add_argument("--most", type=int, default=0, metavar="N", help="take the first N extensions")
    wanted = parser.parse_args()
    home = peers_folder() / "addons-linter"
    program = home / "node_modules" / "addons-linter" / "bin" / "addons-linter"
    try:
        if wanted.install:
            install(home)
        _there(program)
        agreement = Agreement()
        found = extensions([folder.resolve() for folder in wanted.folders])
        runs = [judge(one, program, agreement) for one in found[: wanted.most or None]]
        agreement.print("addons-linter", PAIRS, all_places=wanted.places)
        costs("addons-linter", [mine for mine, _ in runs], [other for _, other in runs])
    except MeasureError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
