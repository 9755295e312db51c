"""Reviews every archive of the corpus with the real command and keeps what it says as a snapshot.

``python tests/corpus/review_corpus.py`` compares with ``snapshot.json`` and names every difference;
``--write`` writes the snapshot again, ``--only WORD`` takes the packages whose name contains a word.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from corpus import HERE, CorpusError, Package, cache_folder, load, present
from parts import unpack_part

SNAPSHOT = HERE / "snapshot.json"
SCHEMA = "reviewer-corpus/snapshot/1"
PATIENCE = 300
"""Seconds after which a review counts as hanging; no review of the corpus comes near it."""

Record = dict[str, Any]


def command() -> list[str]:
    """Return how the reviewer is started: as it is installed beside this interpreter, else as a module."""
    installed = Path(sys.executable).with_name("reviewer")
    return [str(installed)] if installed.is_file() else [sys.executable, "-m", "reviewer"]


def review(package: Package, cache: Path) -> Record:
    """Review one archive, or its part, and return the record for the snapshot; raises `CorpusError` on a crash."""
    archive = package.archive(cache)
    if not package.part:
        return _review(package, cache, archive.relative_to(cache).as_posix())
    with tempfile.TemporaryDirectory() as folder:
        unpack_part(archive, package.part, Path(folder))
        return _review(package, Path(folder), package.part, "--untrusted")


def _review(package: Package, folder: Path, path: str, *more: str) -> Record:
    """Review a path of a folder."""
    options = ["--format", "json", "--fail-on", "none", "--auditor", *more]
    root = str(HERE.parent.parent)
    try:
        done = subprocess.run(
            [*command(), "review", *options, path],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")])),
            },
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise CorpusError(f"{package.key}: no result after {PATIENCE} s") from late
    try:
        document = json.loads(done.stdout)
    except json.JSONDecodeError as broken:
        said = done.stderr.strip()[-2000:] or "nothing on standard error"
        raise CorpusError(f"{package.key}: exit {done.returncode} without a JSON report: {said}") from broken
    return {"exit": done.returncode, "subjects": [_subject(one) for one in document["reviews"]]}


def _subject(one: Record) -> Record:
    """Condense one review of the report to what a person wants to see change."""
    coverage = one["coverage"]
    findings = [
        {key: finding[key] for key in ("rule", "path", "line", "confidence", "message")} for finding in one["findings"]
    ]
    skipped = Counter(file["reason"] for file in coverage["skipped"])
    return {
        "path": one["subject"]["path"],
        "kind": one["subject"]["kind"],
        "ecosystem": one["subject"]["ecosystem"],
        "counts": dict(sorted(Counter(finding["rule"] for finding in findings).items())),
        "findings": findings,
        "coverage": {
            "files": coverage["files"],
            "analysed": coverage["analysed"],
            "skipped": dict(sorted(skipped.items())),
        },
        "errors": one["errors"],
    }


def unexplained(record: Record) -> list[str]:
    """Return what a record leaves open: a crash, files neither read nor named, a skip without a reason."""
    problems = []
    if record["exit"] not in {0, 4}:
        problems.append(f"exit {record['exit']}, where only 0 or 4 is possible")
    if not record["subjects"]:
        problems.append("nothing was reviewed")
    for subject in record["subjects"]:
        coverage = subject["coverage"]
        left = coverage["files"] - coverage["analysed"] - sum(coverage["skipped"].values())
        if left:
            problems.append(f"{subject['path']}: {left} files are neither analysed nor named as skipped")
        if "" in coverage["skipped"]:
            problems.append(f"{subject['path']}: {coverage['skipped']['']} files skipped without a reason")
        problems += [f"{subject['path']}: {error['rule']}: {error['message']}" for error in subject["errors"]]
    return problems


def differences(old: Record | None, new: Record) -> list[str]:
    """Name what changed between two records of one package, one line each."""
    if old is None:
        return ["is not in the snapshot"]
    lines = [f"exit was {old['exit']}, is {new['exit']}"] if old["exit"] != new["exit"] else []
    before, after = _facts(old), _facts(new)
    lines += [f"gone: {fact}" for fact in sorted((before - after).elements())]
    lines += [f"new:  {fact}" for fact in sorted((after - before).elements())]
    return lines


def _facts(record: Record) -> Counter[str]:
    """Spell a record as a bag of lines."""
    facts: Counter[str] = Counter()
    for subject in record["subjects"]:
        where = subject["path"]
        facts[f"{where}: {subject['kind']} of {subject['ecosystem']}"] += 1
        facts[f"{where}: coverage {json.dumps(subject['coverage'], sort_keys=True)}"] += 1
        for error in subject["errors"]:
            facts[f"{where}: error {error['rule']} {error['message']}"] += 1
        for finding in subject["findings"]:
            place = f"{finding['path']}:{finding['line']}"
            facts[f"{where}: {finding['rule']} {place} ({finding['confidence']}) {finding['message']}"] += 1
    return facts


def read_snapshot() -> dict[str, Record]:
    """Return the records of the snapshot by package key; empty where there is no snapshot yet."""
    if not SNAPSHOT.is_file():
        return {}
    document = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    if document.get("schema") != SCHEMA:
        raise CorpusError(f"{SNAPSHOT.name} is not of schema {SCHEMA}: write it again")
    packages: dict[str, Record] = document["packages"]
    return packages


def write_snapshot(records: dict[str, Record]) -> None:
    """Write the records, sorted, so that a change shows as a small difference."""
    document = {"schema": SCHEMA, "packages": dict(sorted(records.items()))}
    SNAPSHOT.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def compare(packages: list[Package], cache: Path, jobs: int, *, write: bool) -> bool:
    """Review the packages, print what is new or wrong, and tell whether all is as it was."""
    snapshot, records, fine = read_snapshot(), {}, True
    with ThreadPoolExecutor(jobs) as pool:
        for package, record in zip(packages, pool.map(lambda one: review(one, cache), packages), strict=True):
            records[package.key] = record
            lines = [f"unexplained: {line}" for line in unexplained(record)]
            lines += differences(snapshot.get(package.key), record)
            fine = fine and not lines
            total = sum(len(subject["findings"]) for subject in record["subjects"])
            sys.stdout.write(f"{package.key}: exit {record['exit']}, {total} findings\n")
            sys.stdout.writelines(f"    {line}\n" for line in lines)
            sys.stdout.flush()
    if write:
        known = {package.key for package in load()}
        write_snapshot({key: one for key, one in {**snapshot, **records}.items() if key in known})
    return fine


def chosen(word: str) -> list[Package]:
    """Return the packages whose key contains a word; raises `CorpusError` where one is not in the cache."""
    packages = [package for package in load() if word in package.key]
    missing = len(packages) - len(present(packages, cache_folder()))
    if missing:
        raise CorpusError(f"{missing} packages are not in the cache: run fetch.py first")
    return packages


def main() -> int:
    """Compare the corpus with its snapshot, or write the snapshot again."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the snapshot again")
    parser.add_argument("--only", metavar="WORD", default="", help="packages whose name contains the word")
    parser.add_argument("--jobs", type=int, default=2, help="reviews at the same time (default: 2)")
    wanted = parser.parse_args()
    try:
        fine = compare(chosen(wanted.only), cache_folder(), wanted.jobs, write=wanted.write)
    except CorpusError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0 if fine or wanted.write else 1


if __name__ == "__main__":
    sys.exit(main())
