"""Front matter is read with places that count in the page, and what is wrong with it is told where it stands."""

from __future__ import annotations

import pytest

from reviewer.subject.document import DocumentError
from reviewer.subject.documents.front_matter import parse_front_matter
from reviewer.subject.documents.read import read_document


def test_places_count_from_the_head_of_the_page():
    document = read_document("skills/pdf/SKILL.md", b"---\r\nname: pdf\r\ndescription: Reads it.\r\n---\r\n# PDF\r\n")
    value = document.get("description")
    assert (value.text, value.location.line, value.location.column) == ("Reads it.", 3, 14)
    assert document.format == "front-matter"


def test_a_rule_further_down_is_no_front_matter():
    with pytest.raises(DocumentError, match="is missing"):
        parse_front_matter("SKILL.md", b"# Title\n---\nname: pdf\n---\n")


def test_front_matter_without_an_end_is_told_at_its_start():
    with pytest.raises(DocumentError, match="not closed") as caught:
        parse_front_matter("SKILL.md", b"---\nname: pdf\n# Title\n")
    assert caught.value.location.line == 1


def test_a_mistake_in_it_has_the_line_of_the_page():
    with pytest.raises(DocumentError) as caught:
        parse_front_matter("SKILL.md", b"---\nname: pdf\ndescription: Use it: often\n---\n")
    assert caught.value.location.line == 3


def test_a_list_is_no_front_matter():
    with pytest.raises(DocumentError, match="expected keys"):
        parse_front_matter("SKILL.md", b"---\n- name\n---\n")


def test_an_empty_one_holds_nothing():
    assert parse_front_matter("SKILL.md", b"---\n---\nText\n").root.kind == "null"
