"""The documents of a design: complete, linked, traced, escaped, the same each time, for designs good and bad."""

from __future__ import annotations

import re
import time
from collections import Counter
from functools import cache

import pytest
from designs import CHANCES, EXAMPLES, example, random_design

from reviewer.blueprint.decide import decide
from reviewer.blueprint.inputs import INPUTS, Inputs
from reviewer.blueprint.reading_rules import shipped_rulebook
from reviewer.design.documents.assurance import trace_rows
from reviewer.design.documents.overview import SECTIONS
from reviewer.design.documents.render import DESIGN, PAGE, documents, markdown_documents
from reviewer.design.documents.tracing import SOURCE, Said
from reviewer.engine.knowledge import library_of

NAMES = [path.stem for path in EXAMPLES] + [f"chance-{seed}" for seed in range(CHANCES)]
DIMENSIONS = [key for key, one in shipped_rulebook().dimensions.items() if not one.each]


@cache
def decided_of(name: str):
    kind, _, seed = name.partition("-")
    return decide(random_design(int(seed)) if kind == "chance" else example(name))


@cache
def made(name: str) -> dict[str, str]:
    """Return the documents; the page too for the examples and a few others, because it takes longest."""
    whole = not name.startswith("chance") or name.endswith("7")
    return documents(decided_of(name)) if whole else markdown_documents(decided_of(name))


def outside_fences(text: str) -> list[str]:
    """Return the lines of Markdown that are no code and no front matter."""
    lines, fenced = [], False
    for line in re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL).splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced:
            lines.append(line)
    return lines


@pytest.mark.parametrize("name", NAMES)
def test_no_section_and_no_table_is_empty(name):
    for path, text in made(name).items():
        if path.endswith(".html"):
            continue
        lines = [line for line in text.splitlines() if line.strip()]
        for line, following in zip(lines, [*lines[1:], "# end"], strict=True):
            level = re.match(r"#+", line)
            if level and not line.startswith("```"):
                below = re.match(r"#+", following)
                assert not below or len(below[0]) > len(level[0]), f"{path}: {line} is empty"
            if re.fullmatch(r"\|[-|]+\|", line):
                assert following.startswith("|"), f"{path}: a table without rows after {line}"


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name):
    texts = made(name)
    for path, text in texts.items():
        if path.endswith(".html"):
            continue
        folder = path.rpartition("/")[0]
        for target in re.findall(r"\]\(([^)\s]+)\)", "\n".join(outside_fences(text))):
            parts = [] if not folder else folder.split("/")
            for step in target.split("/"):
                parts = parts[:-1] if step == ".." else [*parts, step]
            assert "/".join(parts) in texts, f"{path}: {target}"
    page = texts.get(PAGE, "")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


@pytest.mark.parametrize("name", NAMES)
def test_every_source_is_an_input_a_rule_or_something_that_the_design_has(name):
    decided = decided_of(name)
    catalogue = {one.name for one in (*decided.services, *decided.permissions, *decided.interactions)}
    whole = "\n".join(text for path, text in made(name).items() if path.endswith(".md"))
    tests = set(re.findall(r"`TST-([^`]+)`", made(name)[DESIGN].partition("## Trace")[0]))
    known = {
        "IN": {*INPUTS, "summary", "goals", "non-goals", "constraints", "questions"},
        "RULE": set(shipped_rulebook().rule_names),
        "DEC": set(DIMENSIONS),
        "OVERRIDE": {key for key, choice in decided.choices.items() if choice.reason},
        "CAT": catalogue,
        "CHK": set(library_of().questions),
        "TST": tests,
        "WAIVER": {one.rule.id for one in decided.waived},
    }
    for found in set(SOURCE.findall(whole)):
        kind, _, rest = found.partition("-")
        if kind != "THR":
            assert rest in known[kind], found


def test_every_line_that_depends_on_the_design_names_its_source():
    lines = {
        name: {line for path, text in made(name).items() if path.endswith(".md") for line in outside_fences(text)}
        for name in NAMES
    }
    everywhere = set.intersection(*lines.values())
    orphans = Counter()
    for name in NAMES:
        for line in lines[name] - everywhere:
            heading = line.startswith("#") or line.endswith("| Source |") or re.match(r"\|[-|]+\|$", line)
            option = line in OPTIONS
            if not heading and not option and not SOURCE.search(line):
                orphans[line] += 1
    assert orphans == Counter()


OPTIONS = {
    f"- {option.replace('_', ' ')}: {text}"
    for one in shipped_rulebook().dimensions.values()
    for option, text in one.options.items()
}
"""The options that a record lists: what could be decided, not what is."""


def test_a_statement_without_a_source_can_not_be_made():
    with pytest.raises(ValueError, match="without a source"):
        Said("Plugins run in the heap of the host.", [])


def test_every_decision_has_a_section_a_trace_and_a_test():
    listed = [key for keys in SECTIONS.values() for key in keys]
    assert sorted(listed) == sorted(DIMENSIONS)
    assert set(trace_rows()) == set(DIMENSIONS)
    assert {row["check"] for row in trace_rows().values()} <= set(library_of().questions)


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES])
def test_every_decision_and_its_choice_stand_in_the_trace(name):
    decided, trace = decided_of(name), made(name)[DESIGN].partition("## Trace")[2]
    for key, choice in decided.choices.items():
        row = next(line for line in trace.splitlines() if line.startswith(f"| `DEC-{key}` |"))
        assert ("`OVERRIDE-" if choice.overridden else f"`RULE-{choice.rule}`") in row


def test_two_designs_give_two_documents_and_one_design_always_the_same():
    assert made("ide")[DESIGN] != made("game-mods")[DESIGN]
    assert documents(decide(example("ide"))) == made("ide")


def test_words_of_a_design_are_no_markup_of_its_documents():
    nasty = "</script><script>alert(1)</script> [x](javascript:1) | # `code` ![](http://x) \x1b[31m"
    design = example("ide").model_copy(update={"summary": nasty, "goals": [nasty]})
    texts = documents(decide(design))
    assert "<script" not in texts[PAGE].lower()
    assert "javascript:" not in re.findall(r'href="([^"]*)"', texts[PAGE])
    assert "\x1b" not in "".join(texts.values())
    goal = next(line for line in texts[DESIGN].splitlines() if "alert" in line and line.startswith("- "))
    assert "\\<script\\>" in goal
    assert "\\[x\\]" in goal


def test_what_people_wrote_is_never_cut():
    long = "word " * 390 + "end."
    design = example("ide").model_copy(update={"summary": long, "goals": [long], "inputs": Inputs()})
    texts = documents(decide(design))
    assert "more characters" not in "".join(texts.values())
    assert texts[DESIGN].count("word end.") == 2
    assert texts[PAGE].count("word end.") == 2
    assert "team_size (3)?" in texts[DESIGN].replace("\\", ""), "every default is listed"


def test_the_page_needs_nothing_else():
    page = made("saas-marketplace")[PAGE]
    assert re.findall(r"<(?:script|link|iframe|img|object|embed)\b", page) == []
    assert re.findall(r"\b(?:src|xlink:href)=", page) == []
    assert re.findall(r"url\((?!#)", page) == []
    assert page.count("<svg") == 6
    assert "default-src 'none'" in page.replace("&#39;", "'")


def test_a_design_of_ordinary_size_is_documented_in_well_under_two_seconds():
    documents(decide(example("cms-extensions")))  # templates are read once
    started = time.process_time()
    documents(decide(example("cms-extensions")))
    assert time.process_time() - started < 2
