"""A subject whose every text tries to break out, through the real program, in every form that there is."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from case import BAIT
from defusedxml.ElementTree import fromstring
from markdown_it import MarkdownIt
from together import Program

EVIL = "\x1b[2J\x1b]0;owned\x07\r\n::error file=x::owned\n##vso[task.complete]\u202e\u200b<script>alert(1)</script>&amp;`[x](javascript:x)@all]]>{{7654321*3}}${{x}}"
FILE = "b\x1b[31m\n::error::owned <img src=x onerror=alert(1)> `[x](y) %0A::warning::]]>.js"


@pytest.fixture(scope="module")
def subject(tmp_path_factory):
    """A flawed plugin that is hostile in its names, its values and its code."""
    folder = tmp_path_factory.mktemp("evil") / "p <b>\u202e"
    folder.mkdir()
    manifest = {
        "id": f"com.x.{EVIL}",
        "name": EVIL,
        "version": f"1.0.0-{EVIL}",
        "main": FILE,
        "minHostVersion": EVIL,
        "permissions": {EVIL: {EVIL: True}, "storage": {"read": True}},
        "dependencies": {EVIL: EVIL},
        "contributes": {"commands": [EVIL]},
    }
    (folder / "plugin.json").write_text(json.dumps(manifest))
    (folder / FILE).write_text(
        BAIT
        + f"const secretToken = {json.dumps('sk-live-' + EVIL)}; eval(`{EVIL.replace('`', '').replace('${', '')}` + x);\n"
    )
    (folder / "broken.js").write_text(f"let {EVIL} = (((\n" * 40)
    return folder


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The command line with one cache for all forms, which change nothing about the result."""
    return Program(tmp_path_factory.mktemp("home"))


FORMS = [
    *[("review", form) for form in ("text", "json", "sarif", "github", "gitlab", "junit", "markdown", "html")],
    *[("audit", form) for form in ("text", "json", "markdown", "html")],
    *[("checklist", form) for form in ("text", "json", "markdown")],
]
PLAIN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@pytest.mark.parametrize(("command", "form"), FORMS, ids=[" ".join(pair) for pair in FORMS])
def test_no_text_of_the_subject_breaks_out(program, subject, command, form):
    ran = program(command, "--format", form, str(subject))
    assert ran.code == 1, ran.err
    assert ran.err == ""
    acting = {character for character in ran.out if unicodedata.category(character) in PLAIN} - {"\n"}
    assert not acting
    if form != "github":
        assert not re.search(r"^\s*::", ran.out, re.MULTILINE)
    assert not re.search(r"##[a-z]*\[", ran.out)
    READERS.get(form, lambda _out: None)(ran.out)


def read_json(out: str) -> None:
    assert out.isascii()
    json.loads(out)


def read_sarif(out: str) -> None:
    for uri in re.findall(r'"uri": "([^"]*)"', out):
        assert re.fullmatch(r"[A-Za-z0-9._~%/-]+", uri)
    assert "](" not in json.dumps([result["message"] for result in json.loads(out)["runs"][0]["results"]])


def read_github(out: str) -> None:
    commands = [line for line in out.splitlines() if line.lstrip().startswith("::")]
    assert commands
    for line in commands:
        assert re.match(r"::(error|warning|notice) (title|file)=[^\n]*::|::(group|endgroup)::", line)


def read_junit(out: str) -> None:
    assert {element.tag for element in fromstring(out.encode()).iter()} <= {
        "testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped", "system-out",
    }  # fmt: skip


def read_markdown(out: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(out)
    every = [child for token in tokens for child in (token, *(token.children or ()))]
    assert not {token.type for token in every} & {"link_open", "image"}
    assert {token.content for token in every if token.type == "html_inline"} <= {"<br>"}
    assert {token.content.strip() for token in every if token.type == "html_block"} <= {"<!-- reviewer -->"}


def read_html(out: str) -> None:
    assert "<script" not in out
    assert "<img" not in out
    assert not re.search(r'href="(?!#|https://)', out)
    assert "22962963" not in out


READERS = {
    "json": read_json,
    "sarif": read_sarif,
    "gitlab": read_json,
    "github": read_github,
    "junit": read_junit,
    "markdown": read_markdown,
    "html": read_html,
}
