"""Constants that a file takes from another file of the subject."""

from __future__ import annotations

from reviewer.code.project import Project
from reviewer.code.syntax import Array, Literal, Object
from reviewer.code.tables import tables
from reviewer.experts.place import locate


def _project(**files: str) -> Project:
    texts = {path.replace("__", "."): text.encode() for path, text in files.items()}
    return Project(sorted(texts), texts.__getitem__)


def _origin(project: Project, path: str, call: str) -> object:
    module = project.module(path)
    assert module is not None
    (found,) = module.calls((call,))
    return module.scopes.origin(found.args[0])


def test_an_imported_constant_is_what_it_holds_and_what_that_is_made_of():
    project = _project(
        const__py='WEIGHT = 3\nLEVELS = {"low": WEIGHT, "high": 9}\n',
        scale__py="from .const import LEVELS\n\ndef weigh():\n    use(LEVELS)\n",
    )
    found = _origin(project, "scale.py", "use")
    assert isinstance(found, Object)
    low = found.get("low")
    module = project.module("scale.py")
    assert module is not None
    assert low is not None
    weight = module.scopes.origin(low)
    assert isinstance(weight, Literal)
    assert weight.value == 3


def test_its_place_is_in_the_file_that_it_was_taken_from():
    project = _project(
        parts__js='// names\nexport const NAMES = ["a", "b"];\n',
        main__js='import { NAMES } from "./parts.js";\nuse(NAMES);\n',
    )
    module = project.module("main.js")
    found = _origin(project, "main.js", "use")
    assert module is not None
    assert isinstance(found, Array)
    place = locate(module, found)
    assert (place.path, place.line, module.text_of(found)) == ("parts.js", 2, '["a", "b"]')


def test_a_collection_is_lent_to_the_only_file_that_fills_it():
    files = {
        "state__ts": "export const running = new Map<string, Job>();\n",
        "start__ts": 'import { running } from "./state";\nexport const start = (j: Job) => running.set(j.id, j);\n',
    }
    alone = _project(**files).module("start.ts")
    assert alone is not None
    assert [(t.name, t.kind, len(t.of("write"))) for t in tables(alone)] == [("running", "map", 1)]
    shared = _project(
        **files,
        stop__ts='import { running } from "./state";\nexport const stop = (id: string) => running.delete(id);\n',
    ).module("start.ts")
    assert shared is not None
    assert tables(shared) == []


def test_what_is_worked_out_or_given_again_is_not_lent():
    project = _project(
        parts__js="export const now = Date.now();\nexport let count = 0;\nexport const up = () => { count = 1; };\n",
        main__js='import { now, count } from "./parts.js";\nuse(now);\ntake(count);\n',
    )
    assert not isinstance(_origin(project, "main.js", "take"), Literal)
    module = project.module("main.js")
    assert module is not None
    assert module.lent == []
