"""The declared type of what comes out of a collection is the one of its elements."""

from __future__ import annotations

import pytest

from reviewer.code.project import Project
from reviewer.code.reach.elements import element_type, literal_member, value_type
from reviewer.code.reach.links import callee, declared_type
from reviewer.code.syntax import Member


def _type_of(path: str, source: str, text: str) -> str:
    module = Project((path,), lambda _path: source.encode()).module(path)
    assert module is not None
    member = next(one for one in module.all(Member) if module.text_of(one) == text)
    return declared_type(module, member)


@pytest.mark.parametrize(
    ("annotation", "element"),
    [
        ("readonly Offer[]", "Offer"),
        ("(string | number)[]", "string | number"),
        ("Array<Map<string, Offer>>", "Map<string, Offer>"),
        ("list[Offer] | None", "Offer"),
        ("Promise<Offer[]>", "Offer"),
        ("typing.Sequence[dict[str, int]]", "dict[str, int]"),
        ("tuple[int, ...]", "int"),
        ("tuple[int, str]", ""),
        ("Map<string, Offer>", ""),
        ("(a: string) => Offer", ""),
        ("", ""),
    ],
)
def test_the_element_of_a_list_is_read_from_its_type(annotation, element):
    assert element_type(annotation) == element


def test_the_value_of_a_map_is_read_from_its_type():
    assert value_type("ReadonlyMap<string, (a: string) => void>") == "(a: string) => void"
    assert value_type("dict[str, list[Offer]]") == "list[Offer]"
    assert value_type("list[Offer]") == ""


def test_a_member_of_an_object_type_is_read_where_the_type_is_written_out():
    assert literal_member("{ default: Offer; readonly other?: Map<string, Offer> }", "default") == "Offer"
    assert literal_member("{ default: Offer; readonly other?: Map<string, Offer> }", "other") == "Map<string, Offer>"
    assert literal_member("{ default: Offer }", "missing") == ""
    assert literal_member("Offer", "default") == ""


_HEAD = "interface Offer { id: string; version: string }\n"


@pytest.mark.parametrize(
    "body",
    [
        "function f(offers: Offer[]) { return offers.find((one) => one.version); }",
        "function f(offers: Offer[]) { for (const one of offers) one.version; }",
        "function f(offers: Offer[]) { offers.filter(ok).sort((one, other) => one.version); }",
        "class Board { readonly #offers: Offer[] = []; all() { return this.#offers.some((one) => one.version); } }",
        "class Board { #by = new Map<string, Offer>(); f(id) { const one = this.#by.get(id); return one.version; } }",
        "function list(): Offer[] { return []; }\nfunction f() { for (const one of list()) one.version; }",
        "function f(offers: Map<string, Offer>) { for (const one of offers.values()) one.version; }",
        "async function f(p) { const { default: one } = (await import(p)) as { default: Offer }; return one.version; }",
    ],
)
def test_a_member_of_an_element_has_its_declared_type(body):
    assert _type_of("a.ts", _HEAD + body, "one.version") == "string"


@pytest.mark.parametrize(
    "body",
    [
        "    for one in offers:\n        one.version",
        "    return [one.version for one in offers]",
        "    for one in sorted(offers):\n        one.version",
    ],
)
def test_python_loops_give_elements(body):
    source = f"class Offer:\n    version: str\n\n\ndef f(offers: list[Offer]):\n{body}\n"
    assert _type_of("a.py", source, "one.version") == "str"


@pytest.mark.parametrize(
    "body",
    [
        "    one = offers[key]\n    one.version",
        "    offers[key].version",
        "    one = offers.pop(key, None)\n    one.version",
        "    for key, one in offers.items():\n        one.version",
        "    for _key, one in list(offers.items()):\n        one.version",
        "    return {key: one.version for key, one in offers.items()}",
    ],
)
def test_python_maps_give_their_values(body):
    source = f"class Offer:\n    version: str\n\n\ndef f(offers: dict[str, Offer], key: str):\n{body}\n"
    assert _type_of("a.py", source, "one.version" if "one" in body else "offers[key].version") == "str"


def test_a_slice_of_a_list_is_no_element():
    source = "class Offer:\n    version: str\n\n\ndef f(offers: list[Offer]):\n    one = offers[1:]\n    one.version\n"
    assert _type_of("a.py", source, "one.version") == ""


def test_names_that_are_made_of_each_other_have_no_type():
    source = "def f():\n    one = two.get(1)\n    two = one.get(2)\n    one.version\n"
    assert _type_of("a.py", source, "one.version") == ""


def test_a_field_and_a_name_that_are_made_of_each_other_have_no_type():
    source = "class A { f() { const y = this.x; this.x = y; y.z().version; const w = w.z(); w.version; } }"
    assert _type_of("a.ts", source, "w.version") == ""


def test_a_method_is_found_on_what_a_loop_gives():
    source = "class Plugin { stop() {} }\nfunction f(all: Plugin[]) { for (const one of all) one.stop(); }"
    module = Project(("a.ts",), lambda _path: source.encode()).module("a.ts")
    assert module is not None
    call = next(call for call in module.calls(("stop",)))
    assert callee(module, call) is module.classes[0].method("stop")


def test_what_a_pattern_takes_out_of_a_parameter_has_the_type_of_the_member() -> None:
    source = (
        "interface Desk { name: string }\ninterface Stage { desk: Desk }\n"
        "function g({ desk: lamp }: Stage, { rows }: { rows: string[] }) { sink(lamp.name, rows.length); }\n"
    )
    module = Project(("a.ts",), lambda _path: source.encode()).module("a.ts")
    assert module is not None
    assert [declared_type(module, one.object) for one in module.all(Member)] == ["Desk", "string[]"]


@pytest.mark.parametrize("said", ["Offer", "Required<Offer>", "Offer & { seal(): void }", "Promise<Offer | undefined>"])
def test_a_variable_has_the_type_that_it_was_asserted_to_have(said):
    source = f"{_HEAD}declare function any(): unknown;\nfunction f() {{ const one = any() as {said}; one.version; }}"
    assert _type_of("a.ts", source, "one.version") == "string"
    assert _type_of("a.ts", source.replace(f"as {said}", "as any"), "one.version") == ""
