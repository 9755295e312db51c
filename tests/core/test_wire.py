"""Values that cross a pipe or lie in the cache come back equal, and nothing else comes back."""

from __future__ import annotations

import json
import subprocess
import sys
from enum import IntEnum
from typing import Any, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from reviewer.core.checklist import Answer, Question, Status
from reviewer.core.finding import Finding, Suppression
from reviewer.core.location import Edit, Fix, Location, Related
from reviewer.core.review import (
    Coverage,
    Gate,
    Permissions,
    Problem,
    Review,
    ReviewRun,
    RouteStep,
    Skipped,
    SubjectIdentity,
)
from reviewer.core.rule import AppliesTo, Example, Rule
from reviewer.core.scale import Confidence, Severity
from reviewer.core.settings import PathIgnore, Settings
from reviewer.core.wire import WireError, from_wire, to_wire

CORE = (
    Answer, AppliesTo, Coverage, Edit, Example, Finding, Fix, Gate, Location, PathIgnore, Permissions,
    Problem, Question, Related, Review, ReviewRun, RouteStep, Settings, Skipped, SubjectIdentity, Suppression,
)  # fmt: skip


def whole(cls: type[Struct]) -> st.SearchStrategy[Struct]:
    """Every field made by chance, those with a default too."""
    return st.builds(cls, **{name: st.from_type(hint) for name, hint in get_type_hints(cls).items()})


for _cls in CORE:
    st.register_type_strategy(_cls, whole)


@pytest.mark.parametrize("cls", CORE, ids=lambda cls: cls.__name__)
def test_every_word_of_the_core_comes_back_equal(cls):
    @settings(max_examples=20, suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow])
    @given(st.from_type(cls))
    def check(value):
        assert from_wire(cls, json.loads(json.dumps(to_wire(value)))) == value

    check()


def a_rule() -> Rule:
    return Rule(
        id="SEC014",
        name="fail-open-permission-check",
        expert="security",
        severity=Severity.HIGH,
        confidence=Confidence.LIKELY,
        status="stable",
        since="0.1.0",
        fix="Deny.",
        applies_to=AppliesTo(kinds=("host",), trust=(1, 2)),
        match={"kind": "call", "names": ["a.b"], "where": [{"argument": 0, "is": "dynamic"}], "none": None},
        sections={"What it finds": "…", "Why it matters": "…"},
        examples=(Example("a", True, "ts", "src/a.ts", "x", 3),),
    )


def test_a_rule_with_a_match_as_data_comes_back_equal_and_in_the_same_order():
    back = from_wire(Rule, json.loads(json.dumps(to_wire(a_rule()))))
    assert back == a_rule()
    assert list(back.sections) == ["What it finds", "Why it matters"]


def test_data_that_has_no_plain_form_is_refused_on_the_way_out():
    with pytest.raises(WireError, match="Rule"):
        to_wire(replace(a_rule(), match={"since": object()}))


def test_data_without_a_type_of_its_own_may_not_nest_without_end():
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(WireError, match="Rule"):
        to_wire(replace(a_rule(), match={"x": deep}))


def test_a_missing_key_is_refused_where_the_field_has_no_default():
    with pytest.raises(WireError, match=r"Fix: .*missing required field `text`"):
        from_wire(Fix, {"edits": []})
    assert from_wire(Fix, {"text": "x"}) == Fix("x")


def test_what_no_field_is_named_after_builds_nothing():
    assert from_wire(Fix, {"text": "x", "edits": [], "__class__": "os.system"}) == Fix("x")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"line": "12"}, "Location: Expected `int`, got `str` - at `$.line`"),
        ({"line": True}, "Location: Expected `int`, got `bool` - at `$.line`"),
        ({"line": 1.5}, "Location: Expected `int`, got `float` - at `$.line`"),
        ({"line": None}, "Location: Expected `int`, got `null` - at `$.line`"),
        ({"path": ["a"]}, "Location: Expected `str`, got `array` - at `$.path`"),
    ],
)
def test_a_value_of_another_type_is_refused_with_the_name_of_the_field(change, complaint):
    with pytest.raises(WireError) as caught:
        from_wire(Location, {**to_wire(Location("a", 1, 1, 1, 1)), **change})
    assert str(caught.value) == complaint


def test_an_error_far_inside_names_the_way_there():
    review = Review(
        SubjectIdentity("a", "plugin", "generic", "", "", ""), coverage=Coverage(1, 1, (Skipped("a", "b"),))
    )
    wire = json.loads(json.dumps(to_wire(review)))
    wire["coverage"]["skipped"][0]["matters"] = 1
    with pytest.raises(
        WireError, match=r"Review: Expected `bool`, got `int` - at `\$\.coverage\.skipped\[0\]\.matters`"
    ):
        from_wire(Review, wire)


class Odd(Struct, frozen=True):
    """The hints that the core does not use yet."""

    pair: tuple[int, str]
    numbers: list[float]
    names: dict[str, Severity]
    code: Code
    maybe: Status | None


class Code(IntEnum):
    """Numbers with names."""

    ONE = 1


def test_fixed_tuples_lists_mappings_and_numbers_with_names_go_too():
    odd = Odd((1, "a"), [1.5, 2.0], {"x": Severity.LOW}, Code.ONE, None)
    wire = json.loads(json.dumps(to_wire(odd)))
    assert wire == {"pair": [1, "a"], "numbers": [1.5, 2.0], "names": {"x": "low"}, "code": 1, "maybe": None}
    assert from_wire(Odd, wire) == odd
    for change in (
        {"pair": [1]},
        {"pair": [1, "a", "b"]},
        {"numbers": [True]},
        {"names": {"x": "grave"}},
        {"names": []},
        {"code": True},
        {"code": 7},
        {"maybe": "passed"},
        {"maybe": []},
    ):
        with pytest.raises(WireError):
            from_wire(Odd, {**wire, **change})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_data_at_all_can_do_more_than_raise_a_wire_error(data):
    for cls in (Review, Rule, Finding):
        with pytest.raises(WireError):
            from_wire(cls, data)


def test_equal_values_give_equal_bytes_under_every_hash_seed():
    program = (
        "import json; from reviewer.core.settings import Settings; from reviewer.core.wire import to_wire;"
        "print(json.dumps(to_wire(Settings(select=('SEC', 'API')))))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(outputs) == 1


def test_threads_may_read_a_class_for_the_first_time_together():
    code = """
import sys, threading
from msgspec import defstruct
from reviewer.core.wire import from_wire
sys.setswitchinterval(1e-6)
for _ in range(40):
    inner = defstruct("Inner", [(f"a{n}", "int | None", None) for n in range(30)])
    outer = defstruct("Outer", [(f"f{n}", tuple[inner, ...], ()) for n in range(30)])
    ready = threading.Barrier(4)
    def read():
        ready.wait()
        from_wire(outer, {"f1": [{"a1": 1}]})
    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
