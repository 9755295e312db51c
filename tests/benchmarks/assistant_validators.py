"""The same assistant plugins, skills and MCP bundles through their own validators and through the review.

Run ``python tests/benchmarks/assistant_validators.py --install FOLDER…``. Every plugin and marketplace below the folders goes
through ``claude plugin validate --strict``, every skill through ``agentskills validate``, every bundle through ``mcpb validate``;
``--places`` names what one side alone says. A validator is handed a copy, and nothing of a plugin runs.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inputs import peers_folder
from measure import Measured, MeasureError
from side_by_side import Agreement, Pair, costs, kind_of, ours, theirs

NODE = ("@anthropic-ai/claude-code@2.1.197", "@anthropic-ai/mcpb@2.1.2")
PYTHON = "skills-ref==0.1.1"
_AT_WILL = "the host takes a plugin without it"
CLAUDE = [
    Pair(r"frontmatter failed to parse", ("FUN271",)),
    Pair(r"No frontmatter block", (), "a command or a page for people needs none; skills and agents are FUN271"),
    Pair(r"[Pp]ath not found|does not exist|not found at|ENOENT", ("REG110", "REG272")),
    Pair(r"\.\.", ("REG110", "REG272")),
    Pair(r"hooks\.json|hooks[.\[]|hook", ("LIF270", "LIF271", "FUN271")),
    Pair(r"[Dd]uplicate", ("REG271",)),
    Pair(r"kebab|spaces|name:", ("FUN270", "FUN272")),
    Pair(r"No (version|author|description)|description.*recommended|No marketplace description", (), _AT_WILL),
    Pair(r"[Uu]nrecognized|[Uu]nknown (key|field)", ("FUN270",), "only a slip of a known key is one; others are notes"),
    Pair(r"Invalid|expected|[Rr]equired|must", ("FUN270",)),
]
SKILLS = [
    Pair(r"Unexpected fields", (), "hosts read further keys; a slip of a known one is FUN274"),
    Pair(
        r"[Nn]ame|Directory",
        ("FUN272", "FUN270"),
        "what the folder of a skill that is reviewed by itself is called, is chance",
    ),
    Pair(r"[Dd]escription", ("FUN273",)),
    Pair(r"frontmatter|YAML|SKILL\.md", ("FUN080", "FUN271")),
]
BUNDLES = [
    Pair(r"[Ii]con", (), "hosts show a bundle without one"),
    Pair(r"[Uu]nrecognized", (), "a key of a later version of the manifest does no harm"),
    Pair(r"entry|not found|exist", ("REG110",)),
    Pair(r".", ("FUN270",)),
]


@dataclass(frozen=True, slots=True)
class Judge:
    """A validator: what it reads, how it is started on a folder, what its messages look like."""

    name: str
    manifest: str
    """The file by which its subjects are found."""
    above: int
    """How many folders above that file the subject begins."""
    command: Callable[[Path], list[str]]
    message: str
    """A regular expression whose first group is a message."""
    pairs: list[Pair]


def judges(home: Path) -> list[Judge]:
    """Return the validators as they are installed below a folder; raises `MeasureError` where one is missing."""
    programs = home / "node_modules" / ".bin"
    claude, mcpb, skills = programs / "claude", programs / "mcpb", home / "venv" / "bin" / "agentskills"
    for program in (claude, mcpb, skills):
        if not program.exists():
            raise MeasureError(f"{program.name} is not installed: run this with --install")
    check = ["plugin", "validate", "--strict"]
    return [
        Judge(
            "claude", ".claude-plugin/plugin.json", 2, lambda at: [str(claude), *check, str(at)], "\u276f (.+)", CLAUDE
        ),
        Judge(
            "claude",
            ".claude-plugin/marketplace.json",
            2,
            lambda at: [str(claude), *check, str(at)],
            "\u276f (.+)",
            CLAUDE,
        ),
        Judge("agentskills", "SKILL.md", 1, lambda at: [str(skills), "validate", str(at)], r"\n\s*- (.+)", SKILLS),
        Judge(
            "mcpb",
            "manifest.json",
            1,
            lambda at: [str(mcpb), "validate", str(at / "manifest.json")],
            r"- (.+)",
            BUNDLES,
        ),
    ]


def subjects(judge: Judge, folders: list[Path]) -> list[Path]:
    """Return what a validator can be handed below some folders, each once."""
    found = []
    for folder in folders:
        for manifest in sorted(folder.rglob(judge.manifest.rsplit("/", 1)[-1])):
            inside = manifest.as_posix().endswith(judge.manifest) and "node_modules" not in manifest.parts
            if inside and (judge.name != "mcpb" or b'"server"' in manifest.read_bytes()):
                found.append(manifest.parents[judge.above - 1])
    return list(dict.fromkeys(found))


def compare(judge: Judge, subject: Path, agreement: Agreement) -> tuple[Measured, Measured]:
    """Hold both judges' words on one subject against each other, and return what they cost."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / subject.name
        shutil.copytree(subject, target, ignore=shutil.ignore_patterns("node_modules", ".git"), symlinks=True)
        said = theirs(judge.command(target), target)
        mine, findings = ours(target)
    judged = {rule for pair in judge.pairs for rule in pair.ours}
    known = {str(one["rule"]) for one in findings} & judged
    heard: set[str] = set()
    for message in dict.fromkeys(re.findall(judge.message, said.output)):
        pair = kind_of(message, judge.pairs)
        if pair is None or not pair.ours:
            continue
        hit = known & set(pair.ours)
        heard |= hit
        (agreement.both if hit else agreement.theirs)["/".join(pair.ours)] += 1
        if not hit:
            agreement.places.append(f"{judge.name} alone {subject.name}: {' '.join(message.split())[:140]}")
    for rule in sorted(known - heard):
        agreement.ours[next("/".join(pair.ours) for pair in judge.pairs if rule in pair.ours)] += 1
        places = [f"{one['path']}:{one['line']}" for one in findings if one["rule"] == rule]
        agreement.places.append(f"review alone {subject.name}: {rule} {places[0]}")
    return mine, said


def install(home: Path) -> None:
    """Install the validators below a folder, at pinned versions."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    steps = [
        ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", *NODE],
        ["node", str(home / "node_modules" / "@anthropic-ai" / "claude-code" / "install.cjs")],
        [sys.executable, "-m", "venv", str(home / "venv")],
        [str(home / "venv" / "bin" / "pip"), "install", "--quiet", PYTHON],
    ]
    for step in steps:
        done = subprocess.run(step, cwd=home, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise MeasureError(f"{step[0]} failed: {(done.stderr or done.stdout).strip()[-400:]}")


def main() -> int:
    """Compare over everything below the folders that were given."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, help="folders with plugins, skills or bundles in them")
    parser.add_argument("--install", action="store_true", help="install the validators first")
    parser.add_argument("--places", action="store_true", help="name what one side alone says")
    wanted = parser.parse_args()
    home = peers_folder() / "assistant"
    try:
        if wanted.install:
            install(home)
        runs: dict[str, list[tuple[Measured, Measured]]] = {}
        agreements: dict[str, tuple[Agreement, list[Pair]]] = {}
        for judge in judges(home):
            agreement, _pairs = agreements.setdefault(judge.name, (Agreement(), judge.pairs))
            done = [compare(judge, subject, agreement) for subject in subjects(judge, wanted.folders)]
            runs.setdefault(judge.name, []).extend(done)
        for name, (agreement, pairs) in agreements.items():
            agreement.print(name, pairs, all_places=wanted.places)
            if runs[name]:
                costs(name, [mine for mine, _ in runs[name]], [other for _, other in runs[name]])
    except MeasureError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
