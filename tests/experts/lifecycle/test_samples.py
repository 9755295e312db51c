"""Small hosts and plugins in many styles: a flawed one is noticed where a person would point, a right one is left alone.

The samples are sections of text files, headed by a name. In a flawed one ``!!`` stands on each
line that a finding may start on; one of them has to be hit.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from idioms import inquiry_of

from reviewer import resources
from reviewer.code.syntax import Node
from reviewer.core.scale import Confidence
from reviewer.experts import homes, load_checks
from reviewer.experts.check import Match, registered
from reviewer.experts.place import locate
from reviewer.library.library import load_library
from reviewer.subject.document import Value

SAMPLES = Path(__file__).parent / "samples"


def sections(name: str) -> list[object]:
    kind = "host" if "host" in name else "plugin"
    found = re.split(r"^### ", (SAMPLES / f"{name}.txt").read_text("utf-8"), flags=re.MULTILINE)[1:]
    pairs = [section.split("\n", 1) for section in found]
    return [pytest.param(kind, head, source, id=f"{name}-{head}") for head, source in pairs]


@pytest.fixture(scope="module")
def rules():
    own = [rule for rule in homes() if rule.startswith("LIF")]
    load_checks(own)
    library = load_library(resources.skills(), resources.agents(), pages=False)
    return {rule: library.rules[rule] for rule in own}


def lines(rules, kind: str, name: str, source: str, *, possible: bool = False) -> list[tuple[int, str]]:
    """Return (line, rule) of everything that the rules for this kind of subject say, what is only possible if asked."""
    inquiry = inquiry_of({f"sample.{name.rsplit('.', 1)[1]}": source}, kind)
    found: list[tuple[int, str]] = []
    for check in registered():
        rule = rules.get(check.rule)
        if rule is None or (rule.applies_to.kinds and kind not in rule.applies_to.kinds):
            continue
        for module in inquiry.project.modules():
            matches: list[Match] = list(check.on_subject(inquiry)) if check.on_subject is not None else []
            if check.on_module is not None and (not check.words or check.words & module.words):
                matches += check.on_module(inquiry, module)
            for match in matches:
                if possible or (match.confidence or rule.confidence) is not Confidence.POSSIBLE:
                    at = match.at
                    place = locate(module, at) if isinstance(at, Node) else at.place if isinstance(at, Value) else at
                    found.append((place.line, check.rule))
    return sorted(found)


@pytest.mark.parametrize(("kind", "name", "source"), [*sections("flawed_hosts"), *sections("flawed_plugins")])
def test_a_flaw_is_noticed_on_a_line_where_a_person_would_point(rules, kind, name, source):
    marked = {number for number, line in enumerate(source.split("\n"), start=1) if "!!" in line}
    assert marked & {line for line, _rule in lines(rules, kind, name, source, possible=True)}


@pytest.mark.parametrize(("kind", "name", "source"), [*sections("right_hosts"), *sections("right_plugins")])
def test_right_code_that_looks_alike_is_left_alone(rules, kind, name, source):
    assert lines(rules, kind, name, source) == []
