"""The library is loaded whole, looked up by id and name, and extended by a user's own folders."""

from __future__ import annotations

import pytest

from reviewer.core.errors import ExitCode, UsageError
from reviewer.core.experts import EXPERTS
from reviewer.core.scale import Confidence, Severity
from reviewer.library.contents import needs_of
from reviewer.library.mistakes import LibraryError

OWN = "rules-of-acme/house/rules/ACME001-no-lodash.md"


@pytest.fixture
def own_rule(rule_text):
    """A rule of a user's own."""
    return rule_text.replace("SEC001", "ACME001").replace("no-sandbox-module", "no-lodash").replace('"vm2"', '"lodash"')


def mistakes_of(call):
    with pytest.raises(LibraryError) as caught:
        call()
    return str(caught.value)


def test_a_rule_is_read_with_everything_its_file_says(folders):
    rule = folders.load(pages=True).rule("SEC001")
    assert (rule.name, rule.expert) == ("no-sandbox-module", "security")
    assert (rule.severity, rule.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert (rule.status, rule.since, rule.style) == ("stable", "0.1.0", False)
    assert rule.fix == "Run the code in an engine of its own."
    assert rule.applies_to.kinds == ("host",)
    assert rule.references == ("CWE-265", "https://example.com/sandbox")
    assert rule.checklist == ("SEC4",)
    assert rule.match == {"kind": "import", "modules": ["vm2"], "message": "{module} is no boundary."}
    assert rule.source == "skills/security/rules/SEC001-no-sandbox-module.md"
    assert list(rule.sections) == [
        "What it finds", "Why it matters", "Bad", "Good", "When not to apply", "References",
    ]  # fmt: skip
    assert rule.sections["Why it matters"] == "It is none."


def test_agents_skills_and_questions_are_read(folders):
    library = folders.load(pages=True)
    assert tuple(library.agents) == EXPERTS
    assert library.agents["security"].keywords == ("permission", "kill switch")
    assert "quarantine" in library.agents["security"].body
    assert library.skills["security"].description == "What a careful host knows."
    assert library.questions["SEC4"].needs == ("code",)


def test_without_pages_a_rule_has_what_a_review_needs_and_its_page_can_be_read_later(folders):
    library = folders.load()
    rule = library.rule("SEC001")
    assert (rule.sections, rule.examples) == ({}, ())
    assert rule.match is not None
    assert library.agents["api"].body == ""
    full = library.page(rule)
    assert full == folders.load(pages=True).rule("SEC001")
    assert library.page(full) is full


def test_a_page_that_was_broken_since_the_start_is_told(folders, rule_text):
    library = folders.load()
    folders.write("skills/security/rules/SEC001-no-sandbox-module.md", rule_text.replace('"high"', '"hihg"'))
    assert "severity" in mistakes_of(lambda: library.page(library.rule("SEC001")))


@pytest.mark.parametrize("wanted", ["SEC001", "sec001", "no-sandbox-module", " No-Sandbox-Module "])
def test_a_rule_is_found_by_id_and_by_name(folders, wanted):
    assert folders.load().rule(wanted).id == "SEC001"


@pytest.mark.parametrize(("wanted", "near"), [("SEC002", "SEC001"), ("no-sandbox-modul", "no-sandbox-module")])
def test_an_unknown_rule_is_refused_with_the_nearest(folders, wanted, near):
    with pytest.raises(UsageError, match=f"did you mean '{near}'"):
        folders.load().rule(wanted)
    with pytest.raises(UsageError, match="did you mean"):
        folders.load().select([wanted])


def test_a_rule_unlike_any_other_is_refused_with_the_way_to_the_list(folders):
    with pytest.raises(UsageError, match="`reviewer rules` lists them all") as caught:
        folders.load().rule("zzzzzzzz")
    assert caught.value.code is ExitCode.USAGE


@pytest.fixture
def several(folders, rule_text):
    """A library of four rules of two experts."""
    for identity, name in (("SEC014", "one"), ("SEC120", "two")):
        text = rule_text.replace("SEC001", identity).replace("no-sandbox-module", name)
        folders.write(f"skills/security/rules/{identity}-{name}.md", text)
    text = rule_text.replace("SEC001", "LIF001").replace("no-sandbox-module", "three")
    folders.write("skills/lifecycle/rules/LIF001-three.md", text.replace('expert = "security"', 'expert = "lifecycle"'))
    return folders.load()


@pytest.mark.parametrize(
    ("select", "ignore", "chosen"),
    [
        ([], [], ["LIF001", "SEC001", "SEC014", "SEC120"]),
        (["SEC"], [], ["SEC001", "SEC014", "SEC120"]),
        (["SEC0"], [], ["SEC001", "SEC014"]),
        (["security"], ["SEC1"], ["SEC001", "SEC014"]),
        (["two", "LIF001"], [], ["LIF001", "SEC120"]),
        ([], ["SEC"], ["LIF001"]),
        (["REG"], [], []),
        (["registry"], [], []),
    ],
)
def test_rules_are_chosen_by_id_beginning_name_and_expert(several, select, ignore, chosen):
    assert [rule.id for rule in several.select(iter(select), iter(ignore))] == chosen


def test_a_folder_of_the_users_own_adds_rules_skills_and_questions(folders, own_rule):
    folders.write(OWN, own_rule.replace('"SEC4"', '"SEC4", "ACME1"'))
    folders.write("rules-of-acme/house/SKILL.md", "---\nname: house\ndescription: Ours.\n---\nText.\n")
    item = '[[item]]\nid = "ACME1"\nexpert = "api"\nquestion = "Is it ours?"\nkinds = ["plugin"]\n'
    folders.write("rules-of-acme/house/checklist.toml", f'{item}automatic = false\nevidence = "x"\n')
    library = folders.load("rules-of-acme")
    assert list(library.rules) == ["ACME001", "SEC001"]
    assert library.rules["ACME001"].source == OWN
    assert library.questions["ACME1"].expert == "api"
    assert list(library.questions) == ["ACME1", "SEC4"]
    assert "house" in library.skills
    assert library.page(library.rules["ACME001"]).examples


def test_a_folder_that_is_itself_one_skill_is_taken_too(folders, own_rule):
    folders.write("acme/rules/ACME001-no-lodash.md", own_rule)
    assert "ACME001" in folders.load("acme").rules


def test_a_users_rule_may_not_take_letters_that_ship(folders, rule_text):
    folders.write(
        "acme/house/rules/SEC900-mine.md",
        rule_text.replace("SEC001", "SEC900").replace("no-sandbox-module", "mine"),
    )
    text = mistakes_of(lambda: folders.load("acme"))
    assert "SEC belongs to the rules that ship" in text
    assert 'id = "ACME001"' in text
    assert f"{folders.root}/acme/house/rules/SEC900-mine.md:2:" in text


def test_a_users_rule_without_a_match_is_refused_with_the_reason(folders, own_rule):
    start, end = own_rule.index("[match]"), own_rule.index("+++\n##")
    folders.write(OWN, own_rule[:start] + own_rule[end:])
    text = mistakes_of(lambda: folders.load("rules-of-acme"))
    assert "a rule of your own needs a [match]" in text
    assert 'kind = "import"' in text


def test_two_folders_of_one_name_are_both_read(folders, own_rule):
    folders.write("a/ours/house/rules/ACME001-no-lodash.md", own_rule)
    folders.write("b/ours/home/rules/ACME002-b.md", own_rule.replace("ACME001", "ACME002").replace("no-lodash", "b"))
    assert list(folders.load("a/ours", "b/ours").rules) == ["ACME001", "ACME002", "SEC001"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("no-lodash", "no-lodash", 'the rule "ACME001" exists already, in rules-of-acme/house/rules/'),
        ("ACME001", "ACME002", 'the rule name "no-lodash" exists already'),
    ],
)
def test_a_rule_that_exists_twice_is_told_with_both_places(folders, own_rule, old, new, words):
    folders.write(OWN, own_rule)
    again = own_rule.replace(old, new)
    folders.write(f"rules-of-acme/other/rules/{'ACME002' if new == 'ACME002' else 'ACME001'}-no-lodash.md", again)
    assert words in mistakes_of(lambda: folders.load("rules-of-acme"))


def test_what_a_rule_names_has_to_exist(folders, rule_text):
    text = rule_text.replace('"SEC4"', '"SEC5"').replace('kind = ["host"]', 'kind = ["host"]\necosystem = ["generik"]')
    text = text.replace("[applies-to]", 'more-specific-than = ["SEC002"]\n[applies-to]')
    folders.write("skills/security/rules/SEC001-no-sandbox-module.md", text)
    told = mistakes_of(folders.load)
    assert "checklist names \"SEC5\", but there is no such checklist item; did you mean 'SEC4'?" in told
    assert 'more-specific-than names "SEC002"' in told
    assert "no such ecosystem; did you mean 'generic'?" in told


def test_a_rule_with_mistakes_is_not_missed_by_those_who_name_it(folders, rule_text):
    path = "skills/security/rules/SEC001-no-sandbox-module.md"
    folders.write(path, rule_text.replace("[applies-to]", 'more-specific-than = ["SEC002"]\n[applies-to]'))
    other = rule_text.replace("SEC001", "SEC002").replace("no-sandbox-module", "b").replace('"high"', '"hihg"')
    folders.write("skills/security/rules/SEC002-b.md", other)
    assert "SEC001" not in mistakes_of(folders.load)


def test_an_ecosystem_is_known_by_its_folder_and_may_bring_rules(folders, rule_text):
    folders.write("skills/ecosystems/figma/profile.toml", "")
    text = rule_text.replace("SEC001", "SEC500").replace("no-sandbox-module", "figma-network")
    text = text.replace('kind = ["host"]', 'ecosystem = ["figma"]')
    folders.write("skills/ecosystems/figma/rules/SEC500-figma-network.md", text)
    assert folders.load().rules["SEC500"].applies_to.ecosystems == ("figma",)


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("agents/securty.md", "---\n---\n", "did you mean 'security'?"),
        ("agents/api.md", "---\ntitle: T\n---\nx\n", '"mission" is missing'),
        ("agents/api.md", "AGENT:[security]->[securty]", 'skills names "securty"'),
        ("agents/api.md", "AGENT:permission->Permission", "words in lower case"),
        ("agents/api.md", "AGENT:plugins?->plugins", "questions that end in ?"),
        ("skills/security/SKILL.md", "---\nname: safety\ndescription: d\n---\nx\n", 'the folder is "security"'),
        ("skills/security/SKILL.md", "---\nname: security\n---\nx\n", '"description" is missing'),
        ("skills/security/SKILL.md", "---\nname: [a\n---\nx\n", "not valid YAML"),
        ("skills/security/SKILL.md", "---\nname: &a security\ndescription: *a\n---\nx\n", "aliases are not read"),
        (
            "skills/security/SKILL.md",
            "---\nname: security\ndescription: d\nversion: 1\n---\nx\n",
            ':4: unknown key "version"',
        ),
        ("skills/security/SKILL.md", "---\nname: security\ndescription: d\n---\n\n", "the skill has no text"),
        ("skills/security/checklist.toml", "", '"item" is missing'),
        ("skills/security/checklist.toml", "ITEM:SEC4->SEC04", "2 to 8 capital letters and a number"),
        ("skills/security/checklist.toml", "ITEM:SEC4->ABC4", "expected one of FUN, API, REG"),
        ("skills/security/checklist.toml", 'ITEM:needs = ["code"]-># none', ":1: an automatic item says what must"),
        ("skills/security/checklist.toml", "ITEM:granted denied?->granted denied", "a question that ends in ?"),
        ("skills/security/checklist.toml", 'ITEM:["host"]->["hots"]', "did you mean 'host'"),
        ("skills/security/checklist.toml", 'ITEM:"SEC4"->"SEC4"\nexpert = "api"', ":3: expert is"),
    ],
)
def test_mistakes_in_agents_skills_and_checklists_are_told(folders, path, text, words):
    kind, _, change = text.partition(":")
    if kind in {"AGENT", "ITEM"}:
        old, _, new = change.partition("->")
        before = (folders.root / path).read_text("utf-8")
        assert old in before
        text = before.replace(old, new)
    folders.write(path, text)
    told = mistakes_of(folders.load)
    assert words in told
    assert path in told


def test_a_missing_agent_is_told(folders):
    (folders.agents / "api.md").unlink()
    assert "the agent api.md is missing" in mistakes_of(folders.load)


def test_a_folder_that_is_not_there_is_told(folders):
    told = mistakes_of(lambda: folders.load("nowhere"))
    assert f"{folders.root}/nowhere: this folder of the library can't be read" in told


def test_a_folder_without_skills_is_told(folders):
    folders.write("empty/README.md", "Nothing here.")
    assert "no skill in this folder; expected <skill>/SKILL.md" in mistakes_of(lambda: folders.load("empty"))


def test_a_file_too_large_for_a_folder_of_skills_is_told(folders, own_rule):
    folders.write(OWN, own_rule)
    with (folders.root / "rules-of-acme" / "dump.json").open("wb") as stream:
        stream.truncate(1 << 34)
    assert "dump.json: more than 16777216 bytes" in mistakes_of(lambda: folders.load("rules-of-acme"))


def test_a_pipe_in_place_of_a_page_is_never_waited_for(folders):
    import os

    os.mkfifo(folders.skills / "security" / "rules" / "SEC002-pipe.md")
    assert list(folders.load().rules) == ["SEC001"]


def test_the_digest_changes_with_names_and_contents_alone(folders, rule_text):
    first = folders.load().digest
    path = folders.write("skills/security/rules/SEC001-no-sandbox-module.md", rule_text)
    assert folders.load().digest == first
    assert folders.load(pages=True).digest == first
    path.write_text(rule_text.replace("It is none.", "It is nine."), "utf-8")
    assert folders.load().digest != first
    path.write_text(rule_text, "utf-8")
    assert folders.load().digest == first
    folders.write("skills/ecosystems/figma/profile.toml", "x = 1\n")
    assert folders.load().digest != first


def test_the_digest_does_not_tell_where_the_library_lies(folders, tmp_path):
    import shutil

    from reviewer.library.library import load_library

    shutil.copytree(folders.skills, tmp_path / "elsewhere" / "s")
    shutil.copytree(folders.agents, tmp_path / "elsewhere" / "a")
    moved = load_library(tmp_path / "elsewhere" / "s", tmp_path / "elsewhere" / "a")
    assert moved.digest == folders.load().digest


def test_what_a_kind_of_subject_cannot_have_is_not_needed_for_a_pass(folders):
    from msgspec.structs import replace

    question = replace(folders.load().questions["SEC4"], needs=("manifest", "code"))
    assert needs_of(question, "plugin") == ("manifest", "code")
    assert needs_of(question, "host") == ("code",)
    assert needs_of(question, "registry") == ("manifest",)
