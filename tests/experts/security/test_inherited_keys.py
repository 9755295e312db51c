"""Look-ups that find what every object inherits, in many spellings."""

from __future__ import annotations

import pytest
from idioms import findings

from reviewer import resources
from reviewer.library.examples import ExampleSubject, example_subjects
from reviewer.library.library import load_library

RULE = load_library(resources.skills(), resources.agents(), pages=True).rules["SEC090"]


@pytest.mark.parametrize("subject", example_subjects(RULE), ids=lambda subject: f"{subject.good}-{subject.name}")
def test_the_page_says_what_the_rule_does(subject: ExampleSubject):
    found = findings("SEC090", {file.path: file.text for file in subject.files})
    assert found == ([] if subject.good else [subject.mark])


@pytest.mark.parametrize(
    "source",
    [
        "const plugins = {};\nmodule.exports = {\n  add(id, p) { if (id in plugins) throw id; plugins[id] = p; },\n};",
        "class A {\n  #by = {};\n  has(id) { return id in this.#by; }\n  put(id, v) { this.#by[id] = v; }\n}",
        "const T = { a: 1 };\n\nexport const known = (size) => size in T;",
    ],
)
def test_a_closure_a_private_field_and_a_constant_are_looked_up(source):
    assert findings("SEC090", {"a.js": source}) == [("a.js", 3)]


@pytest.mark.parametrize(
    "source",
    [
        "const T = { __proto__: null, a: 1 };\nexport const known = (size) => size in T;",
        "const T = { a: 1 };\nexport const all = () => Object.keys(T).filter((key) => T[key]);",
        "const T = { a: 1 };\nexport const pick = (key) => (Object.hasOwn(T, key) ? T[key] || 0 : 0);",
        "const T = { a: 1 };\nexport function each(o) { for (const key in o) if (key in T) use(key); }",
        "export const has = (entry) => 'digest' in entry && Boolean(entry.digest);",
        "const names = ['a'];\nexport const first = (n) => names[n] || 'x';",
    ],
)
def test_objects_without_prototype_own_keys_and_constants_are_right(source):
    assert findings("SEC090", {"a.js": source}) == []
