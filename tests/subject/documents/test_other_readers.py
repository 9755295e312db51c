"""Package metadata, XML, and the choice among the readers."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.subject.document import DocumentError
from reviewer.subject.documents.python_metadata import parse_headers, parse_ini
from reviewer.subject.documents.read import document_format, read_document
from reviewer.subject.documents.xml import parse_xml


def told(error: DocumentError) -> None:
    """Hold an error against what every error has: words, and a place."""
    assert error.message
    assert error.location.line >= 1
    assert error.location.column >= 1


def test_headers_of_a_wheel_are_read_with_their_lines():
    text = b"Metadata-Version: 2.1\nName: tidy\nRequires-Dist: a>1\nRequires-Dist: b\n  continued\n\nBody: no\n"
    document = parse_headers("t.dist-info/METADATA", text)
    assert document.root.plain() == {"Metadata-Version": "2.1", "Name": "tidy", "Requires-Dist": ["a>1", "b"]}
    assert document.get("Requires-Dist", 1).location.line == 4
    assert document.get("Name").location.column == 7
    assert document.format == "python"


def test_entry_points_are_read_with_their_places():
    text = b"# made by hand\n[host.plugins]\ntidy = tidy.plugin:Tidy\n\n[console_scripts]\nt = t:main\n"
    document = parse_ini("entry_points.txt", text)
    assert document.root.plain() == {
        "host.plugins": {"tidy": "tidy.plugin:Tidy"},
        "console_scripts": {"t": "t:main"},
    }
    value = document.get("host.plugins", "tidy")
    assert (value.location.line, value.location.column, value.key.column) == (3, 8, 1)


def test_the_name_of_an_entry_point_may_hold_a_colon():
    document = parse_ini("acme.dist-info/entry_points.txt", b"[certbot.plugins]\nacme-dns:auth = acme.dns:Auth\n")
    assert document.root.plain() == {"certbot.plugins": {"acme-dns:auth": "acme.dns:Auth"}}


def test_a_value_of_several_lines_is_one_text():
    text = b"[options.entry_points]\nhost.plugins =\n    a = b:c\n    d = e:f\n"
    document = parse_ini("setup.cfg", text)
    assert document.get("options.entry_points", "host.plugins").text == "\na = b:c\nd = e:f"


def test_a_repeated_key_of_a_section_is_told():
    document = parse_ini("setup.cfg", b"[a]\nx = 1\nx = 2\n")
    assert [(one.pointer, one.first.line, one.again.line) for one in document.repeated] == [("/a/x", 2, 3)]


@pytest.mark.parametrize(("text", "line"), [(b"x = 1", 1), (b"[a]\nnothing", 2), (b"[a", 1)])
def test_a_fault_in_sections_has_its_line(text, line):
    with pytest.raises(DocumentError) as caught:
        parse_ini("setup.cfg", text)
    assert caught.value.location.line == line


def test_xml_becomes_objects_with_the_lines_of_the_tags():
    text = b'<?xml version="1.0"?>\n<idea-plugin url="u">\n  <id>a.b</id>\n  <depends>x</depends>\n  <depends>y</depends>\n  <e v="1">t</e>\n</idea-plugin>'
    document = parse_xml("plugin.xml", text)
    assert document.root.plain() == {
        "idea-plugin": {"@url": "u", "id": "a.b", "depends": ["x", "y"], "e": {"@v": "1", "#text": "t"}}
    }
    assert document.get("idea-plugin", "depends", 1).location.line == 5
    assert document.format == "xml"


@pytest.mark.parametrize(
    "text",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a><b></a>",
        b"",
        b"<a>" * 100,
        b"<a>&undefined;</a>",
        b'<?xml version="1.0" encoding="utf-7"?><a/>',
    ],
)
def test_xml_that_is_hostile_or_broken_is_refused(text):
    with pytest.raises(DocumentError):
        parse_xml("plugin.xml", text)


@given(
    st.binary(max_size=60) | st.text(max_size=40).map(str.encode),
    st.sampled_from(["a.xml", "METADATA", "setup.cfg", "x"]),
)
def test_any_bytes_are_read_or_refused(data, path):
    try:
        read_document(path, data)
    except DocumentError as error:
        told(error)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a/plugin.JSON", "json"),
        ("x.jsonc", "json"),
        ("a.yml", "yaml"),
        ("pyproject.toml", "toml"),
        ("plugin.xml", "xml"),
        ("x.dist-info/METADATA", "headers"),
        ("entry_points.txt", "ini"),
        ("notes.txt", ""),
        ("json", ""),
    ],
)
def test_the_name_chooses_the_reader(path, kind):
    assert document_format(path) == kind


def test_the_content_chooses_where_the_name_says_nothing():
    assert read_document("manifest", b' {"a": 1}').format == "json"
    assert read_document("manifest", b"<a/>").format == "xml"
    with pytest.raises(DocumentError, match="expected JSON, YAML, TOML or XML"):
        read_document("manifest", b"hello")


def test_json_is_read_without_loading_the_other_readers():
    code = (
        "import sys; from reviewer.subject.documents.read import read_document; read_document('a.json', b'{}');"
        "print([name for name in ('yaml', 'tomllib', 'defusedxml', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
