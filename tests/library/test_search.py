"""Words of a person lead to rules, skills and guides, in the same order every time."""

from __future__ import annotations

from reviewer.library.search import search


def hits(folders, query, **options):
    return search(folders.load(pages=True), query, **options)


def test_a_rule_is_found_by_what_its_page_says(folders):
    best = hits(folders, "which imported modules are taken for a sandbox")[0]
    assert (best.kind, best.name, best.title) == ("rule", "SEC001", "no-sandbox-module")


def test_a_section_of_a_guide_is_found_with_its_line(folders):
    found = hits(folders, "quarantine")
    assert {hit.kind for hit in found} == {"agent"}
    assert found[0].title == "What I know"
    assert found[0].line == 12
    assert found[0].excerpt == "Enough about quarantine."


def test_a_mistyped_word_finds_what_was_meant(folders):
    assert hits(folders, "quarantin") == hits(folders, "quarantine")


def test_words_that_mean_nothing_find_nothing(folders):
    assert hits(folders, "the of and") == ()
    assert hits(folders, "") == ()
    assert hits(folders, "xyzzy") == ()


def test_the_order_is_fixed_and_the_limit_is_kept(folders):
    found = hits(folders, "boundary security sandbox quarantine")
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert found == hits(folders, "boundary security sandbox quarantine")
    assert hits(folders, "boundary security sandbox quarantine", limit=2) == found[:2]


def test_an_id_finds_its_rule(folders):
    assert hits(folders, "SEC001")[0].name == "SEC001"


def test_a_long_passage_is_shortened_and_loses_its_marks(folders):
    folders.write(
        "skills/security/SKILL.md",
        f"---\nname: security\ndescription: d\n---\n# S\n\n1. **Egress.** Hosts are\n   named {'x ' * 200}\n",
    )
    best = hits(folders, "egress hosts")[0]
    assert best.excerpt.startswith("Egress. Hosts are named x x")
    assert len(best.excerpt) <= 160
