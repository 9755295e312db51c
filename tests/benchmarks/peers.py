"""The same plugins through other analysers that install here: what they cost in relation to the review.

``--install`` brings semgrep, bandit and eslint with its security rules, at pinned versions, into the cache folder of
the corpus. A peer that is not there is left out and named. Peers look for other things than the review does; the
ratios compare what a gate costs, not what it finds.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inputs import EXAMPLES, packages, peers_folder, unpack
from measure import MeasureError, middle, reviewer, run, seconds, table

HERE = Path(__file__).resolve().parent
PYTHON_PEERS = ("semgrep==1.182.0", "bandit==1.9.4")
NODE_PEERS = ("eslint@10.15.0", "eslint-plugin-security@4.1.0", "typescript-eslint@8.73.0", "typescript@5.9.3")
ESLINT_CONFIG = """import security from "eslint-plugin-security";
import tseslint from "typescript-eslint";
export default [
  { files: ["**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}"], languageOptions: { parser: tseslint.parser }, ...security.configs.recommended },
];
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """Another analyser: how it is started on some folders, and how its findings are counted."""

    name: str
    registries: tuple[str, ...]
    """Whose packages it can read."""
    program: Path
    command: Callable[[list[Path]], list[str]]
    count: Callable[[str], int]
    codes: tuple[int, ...]

    def there(self) -> bool:
        """Tell whether it is installed."""
        return self.program.is_file()


def _count_eslint(output: str) -> int:
    """Count the messages of a report of eslint."""
    return sum(len(file["messages"]) for file in json.loads(output))


def _count_results(output: str) -> int:
    """Count the results in a report of semgrep or bandit."""
    return len(json.loads(output)["results"])


def peers(home: Path) -> list[Peer]:
    """Return the peers as they are installed below a folder."""
    tools, node = home / "venv" / "bin", home / "node"
    semgrep, bandit, eslint = tools / "semgrep", tools / "bandit", node / "node_modules" / ".bin" / "eslint"
    offline = ["--metrics=off", "--disable-version-check", "--no-git-ignore", "--quiet", "--json"]
    rules = ["--config", str(HERE / "semgrep-rules.yaml")]
    config = ["--config", str(node / "eslint.config.mjs"), "--no-inline-config", "--format", "json"]
    return [
        Peer(
            "semgrep, rules of our own",
            ("npm", "pypi"),
            semgrep,
            lambda folders: [str(semgrep), "scan", *offline, *rules, *map(str, folders)],
            _count_results,
            (0,),
        ),
        Peer(
            "bandit",
            ("pypi",),
            bandit,
            lambda folders: [str(bandit), "-q", "-f", "json", "-r", *map(str, folders)],
            _count_results,
            (0, 1),
        ),
        Peer(
            "eslint with security",
            ("npm",),
            eslint,
            lambda folders: [str(eslint), *config, *map(str, folders)],
            _count_eslint,
            (0, 1),
        ),
    ]


def install(home: Path) -> None:
    """Install the peers below a folder; raises `MeasureError` where a registry does not deliver."""
    node = home / "node"
    node.mkdir(parents=True, exist_ok=True)
    (node / "eslint.config.mjs").write_text(ESLINT_CONFIG, encoding="utf-8")
    (node / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("npm is not on the PATH: eslint is left out\n")
    steps = [
        [sys.executable, "-m", "venv", str(home / "venv")],
        [str(home / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet", *PYTHON_PEERS],
    ]
    if npm is not None:
        steps.append([npm, "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", *NODE_PEERS])
    for step in steps:
        done = subprocess.run(step, cwd=node, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise MeasureError(f"{' '.join(step[:4])} … failed: {done.stderr.strip()[-800:]}")


def compare(title: str, folders: list[Path], registry: str, home: Path, repeat: int) -> None:
    """Measure the review and every peer on the same folders, and print a table."""
    with tempfile.TemporaryDirectory() as cache:
        command = [*reviewer(), "review", "--format", "json", "--fail-on", "none", "--no-cache", *map(str, folders)]
        variables = {"REVIEWER_CACHE_DIR": cache}
        own = middle([run(command, variables=variables, codes=(0, 4)) for _ in range(repeat)])
    found = sum(len(one["findings"]) for one in json.loads(own.output)["reviews"])
    rows = [["reviewer", seconds(own.cpu), seconds(own.wall), "1.0", "1.0", str(found)]]
    for peer in peers(home):
        if registry not in peer.registries:
            continue
        if not peer.there():
            rows.append([f"{peer.name}: not installed (--install)", "", "", "", "", ""])
            continue
        # A home of its own keeps a person's settings, and what a former run has cached, out of the measurement.
        with tempfile.TemporaryDirectory() as empty:
            runs = [
                run(peer.command(folders), cwd=folders[0].parent, variables={"HOME": empty}, codes=peer.codes)
                for _ in range(repeat)
            ]
        one = middle(runs)
        ratios = [f"{one.cpu / own.cpu:.1f}", f"{one.wall / own.wall:.1f}"]
        rows.append([peer.name, seconds(one.cpu), seconds(one.wall), *ratios, str(peer.count(one.output))])
    table(title, ["analyser", "CPU", "wall", "CPU / ours", "wall / ours", "findings"], rows)


def main() -> int:
    """Compare on one small plugin of each language and on the packages of each registry."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--install", action="store_true", help="install the peers first")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each; the median counts (default: 3)")
    wanted = parser.parse_args()
    home = peers_folder()
    try:
        if wanted.install:
            install(home)
        with tempfile.TemporaryDirectory() as folder:
            for registry, example in (("npm", "flawed-ts"), ("pypi", "flawed-py")):
                small = Path(folder) / example
                shutil.copytree(EXAMPLES / example, small)
                compare(f"One small plugin: {example}", [small], registry, home, wanted.repeat)
                folders = [unpack(package, Path(folder) / registry) for package in packages(registry)]
                title = f"{len(folders)} packages of {registry}"
                compare(title, folders, registry, home, wanted.repeat)
    except MeasureError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
