"""What a bundler says is a part of another package is only possible, all but attacks."""

from __future__ import annotations

import pytest

from reviewer.engine.looking.watch import Unwatched
from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import review_root

MANIFEST = '{"id": "org.saltmarsh.locks", "name": "Locks", "version": "1.0.0", "main": "dist/index.js"}'
LOOP = """const handlers = new Set();
export function on(handler) { handlers.add(handler); }
export function emit(event) {
  for (const handler of handlers) handler(event);
}
"""
ATTACK = "export function run(text) { return eval(text); }\n"


def found(folder, rule, script, strictness="regular"):
    """Return the lines at which a rule speaks."""
    for name, text in {"plugin.json": MANIFEST, "dist/index.js": script}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    request = Request(select=(rule,), today="2026-01-01", strictness=strictness)
    (job,) = jobs_of(Plan((str(folder),), request, use_cache=False))
    (reviewed,) = review_root(job, Unwatched()).reviewed
    return [one.location.line for one in reviewed.review.findings]


def test_a_part_of_the_package_itself_is_told(tmp_path):
    assert found(tmp_path, "COM001", "//#region src/bus.ts\n" + LOOP + "//#endregion\n") == [5]


@pytest.mark.parametrize(
    "before",
    [
        "//#region ../node_modules/.pnpm/@tide+bus@1.0.0/node_modules/@tide/bus/index.js\n",
        "// node_modules/tide-bus/index.js\n",
        '/***/ "./node_modules/tide-bus/index.js":\n',
    ],
)
def test_a_part_of_another_package_is_hidden(tmp_path, before):
    assert found(tmp_path, "COM001", before + LOOP) == []
    assert found(tmp_path, "COM001", before + LOOP, "auditor") == [5]


def test_behind_it_the_own_code_goes_on(tmp_path):
    assert found(tmp_path, "COM001", "// node_modules/tide-bus/a.js\nvar a = 1;\n// src/bus.ts\n" + LOOP) == [7]


def test_no_mark_hides_an_attack(tmp_path):
    assert found(tmp_path, "SEC048", "// node_modules/tide-bus/index.js\n" + ATTACK) != []
