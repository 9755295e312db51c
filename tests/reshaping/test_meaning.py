"""A rule goes by what code does: examples written otherwise, by machine, give the same answer.

Every Bad and Good of every rule page is rewritten in some sixty ways that leave what it does as it is: a condition gets a
name first, a class becomes a factory, a helper moves to another file, types are dropped. What a rule loses or says too
much then stands in `known.toml`, and nothing else does; `REVIEWER_WRITE_RESHAPED=1` writes the lists of that file anew.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from rule_pages import EARLIER, RULES, review
from shapes import reshaped

from reviewer.core.rule import Rule
from reviewer.engine.rules import PAGES_CANNOT_SHOW
from reviewer.library.examples import ExampleSubject, example_subjects

HERE = Path(__file__).parent
KNOWN = HERE / "known.toml"
COMPILER = "typescript@5.9.3"
SCRIPTS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
EXPERTS = sorted({rule.expert for rule in RULES.values()})
Found = dict[str, set[str]]
"""Shape, to the rules of which it changes the answer."""


@pytest.fixture(scope="session")
def shaper(tmp_path_factory) -> Path:
    """The program that rewrites JavaScript and TypeScript, beside the compiler that it uses."""
    folder = tmp_path_factory.mktemp("shaper")
    shutil.copytree(HERE / "javascript", folder, dirs_exist_ok=True)
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", COMPILER], cwd=folder, check=True)
    return folder / "reshape.mjs"


def examples(expert: str) -> Iterator[tuple[Rule, ExampleSubject]]:
    """Give every example of an expert's rules."""
    for rule in RULES.values():
        if rule.expert == expert and rule.id not in PAGES_CANNOT_SHOW and not rule.id.startswith("ACME"):
            for subject in example_subjects(rule):
                yield rule, subject


def scripts_reshaped(shaper: Path, expert: str) -> Iterator[tuple[Rule, ExampleSubject, str, dict[str, str | None]]]:
    """Rewrite the JavaScript and TypeScript of an expert's examples."""
    known = {(rule.id, subject.good, subject.name): (rule, subject) for rule, subject in examples(expert)}
    asked = [
        json.dumps({"id": key, "path": file.path, "text": file.text})
        for key, (_rule, subject) in known.items()
        for file in subject.files
        if file.path.endswith(SCRIPTS) and not file.path.endswith(".d.ts") and not file.path.startswith(EARLIER)
    ]
    told = subprocess.run(["node", shaper], input="\n".join(asked), capture_output=True, text=True, check=True)
    for line in told.stdout.splitlines():
        row = json.loads(line)
        rule, subject = known[tuple(row["id"])]
        yield rule, subject, row["shape"], row["files"]


def python_reshaped(expert: str) -> Iterator[tuple[Rule, ExampleSubject, str, dict[str, str | None]]]:
    """Rewrite the Python of an expert's examples."""
    for rule, subject in examples(expert):
        for file in subject.files:
            if file.path.endswith(".py") and not file.path.startswith(EARLIER) and _is_python(file.text):
                for shape, files in reshaped(file.path, file.text):
                    yield rule, subject, shape, dict(files)


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def changed(rewritten: Iterator[tuple[Rule, ExampleSubject, str, dict[str, str | None]]]) -> tuple[Found, Found]:
    """Review what was rewritten; return what is lost of Bad, and what is said of Good."""
    lost, said = Found(), Found()
    for rule, subject, shape, files in rewritten:
        now = {**{file.path: file.text for file in subject.files}, **files}
        with tempfile.TemporaryDirectory() as folder:
            kept = {path: text for path, text in now.items() if text is not None}
            found = review(rule, subject.name, kept, Path(folder) / "subject")
        if bool(found) == subject.good:
            (said if subject.good else lost).setdefault(shape, set()).add(rule.id)
    return lost, said


def hold(language: str, expert: str, lost: Found, said: Found) -> None:
    """Compare with what is known of an expert's rules, or write that."""
    if os.environ.get("REVIEWER_WRITE_RESHAPED"):
        write(language, expert, lost, said)
    assert lost == known(language, "lost", expert)
    assert said == known(language, "said", expert)


def known(language: str, what: str, expert: str) -> Found:
    """Return what stands in the list of what is known."""
    listed = tomllib.loads(KNOWN.read_text(encoding="utf-8")).get(language, {}).get(what, {})
    own = {shape: {one for one in ids if RULES[one].expert == expert} for shape, ids in listed.items()}
    return {shape: ids for shape, ids in own.items() if ids}


def write(language: str, expert: str, lost: Found, said: Found) -> None:
    """Put what was found in the place of what was known."""
    text = KNOWN.read_text(encoding="utf-8")
    listed = tomllib.loads(text)
    for what, now in (("lost", lost), ("said", said)):
        table = listed.setdefault(language, {}).setdefault(what, {})
        for shape in {*table, *now}:
            kept = {one for one in table.get(shape, ()) if one in RULES and RULES[one].expert != expert}
            table[shape] = sorted(kept | now.get(shape, set()))
    lines = [line for line in text.split("\n\n[", 1)[0].splitlines() if line.startswith("#")]
    for name, tables in sorted(listed.items()):
        for what, table in sorted(tables.items()):
            lines += ["", f"[{name}.{what}]"]
            lines += [f"{shape} = {json.dumps(ids)}" for shape, ids in sorted(table.items()) if ids]
    KNOWN.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.needs("node", "npm")
@pytest.mark.parametrize("expert", EXPERTS)
def test_scripts_are_judged_by_what_they_do(expert, shaper):
    hold("script", expert, *changed(scripts_reshaped(shaper, expert)))


@pytest.mark.parametrize("expert", EXPERTS)
def test_python_is_judged_by_what_it_does(expert):
    hold("python", expert, *changed(python_reshaped(expert)))
