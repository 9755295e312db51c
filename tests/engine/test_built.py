"""What a compiler copied is told once, at its source; what only the built file holds is told there."""

from __future__ import annotations

import pytest

from reviewer.engine.looking.watch import Unwatched
from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import review_root

FLAW = "export function activate(context) {\n  context.commands.register('a.run', (text) => eval(text));\n}\n"
BUILT = (
    '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.activate = activate;\n'
    "function activate(context) {\n  context.commands.register('a.run', (text) => eval(text));\n}\n"
)
MANIFEST = '{"id": "com.example.a", "name": "A", "version": "1.0.0", "main": "dist/index.js"}'


def evals(folder, files):
    """Return where SEC048 speaks, with the places that it names besides."""
    for name, text in {"plugin.json": MANIFEST, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (job,) = jobs_of(Plan((str(folder),), Request(select=("SEC048",), today="2026-11-28"), use_cache=False))
    (reviewed,) = review_root(job, Unwatched()).reviewed
    return [
        (one.location.path, [other.location.path for other in one.related if "built" in other.message])
        for one in reviewed.review.findings
    ]


@pytest.mark.parametrize(
    ("source", "built"),
    [
        ("src/index.ts", "dist/index.js"),
        ("src/index.ts", "dist/src/index.js"),
        ("index.ts", "out/index.js"),
        ("packages/a/src/index.ts", "packages/a/lib/cjs/index.cjs"),
        ("src/index.js", "dist/index.js"),
    ],
)
def test_a_flaw_that_a_compiler_copied_is_told_at_the_source(tmp_path, source, built):
    assert evals(tmp_path, {source: FLAW, built: BUILT}) == [(source, [built])]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("dist/index.cjs", "dist/index.mjs"),
        ("dist/cjs/lib/index.cjs", "dist/esm/lib/index.mjs"),
        ("cjs/index.js", "esm/index.js"),
    ],
)
def test_a_flaw_in_two_builds_for_two_kinds_of_module_is_told_once(tmp_path, first, second):
    assert evals(tmp_path, {first: BUILT, second: FLAW}) == [(first, [second])]


def test_two_scripts_of_one_folder_are_no_builds_of_each_other(tmp_path):
    assert evals(tmp_path, {"lib/a/index.js": FLAW, "lib/b/index.js": FLAW}) == [
        ("lib/a/index.js", []),
        ("lib/b/index.js", []),
    ]


def test_what_only_the_built_file_holds_is_told_there(tmp_path):
    files = {"src/index.ts": FLAW, "dist/index.js": BUILT + "exports.more = (text) => eval(text);\n"}
    assert evals(tmp_path, files) == [("dist/index.js", []), ("src/index.ts", ["dist/index.js"])]


@pytest.mark.parametrize(
    ("one", "other"),
    [("src/lib/index.ts", "src/index.ts"), ("lib/index.js", "index.js"), ("dist/index.js", "src/other.ts")],
)
def test_files_that_are_not_made_of_each_other_both_speak(tmp_path, one, other):
    assert {path for path, _ in evals(tmp_path, {one: FLAW, other: FLAW})} == {one, other}


def test_a_comment_that_a_compiler_copied_has_its_effect_in_both(tmp_path):
    silent = "  // reviewer: ignore[SEC048] typed by the author alone\n  context"
    files = {"src/index.ts": FLAW.replace("  context", silent), "dist/index.js": BUILT.replace("  context", silent)}
    assert [path for path, _ in evals(tmp_path, files)] == ["src/index.ts"]
