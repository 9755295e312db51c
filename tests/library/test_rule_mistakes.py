"""Every kind of mistake in a rule file is told with its line, and says what would be right."""

from __future__ import annotations

import re

import pytest

from reviewer.library.mistakes import LibraryError

PATH = "skills/security/rules/SEC001-no-sandbox-module.md"
IMPORT = 'kind = "import"\nmodules = ["vm2"]\nmessage = "{module} is no boundary."\n'
CALL = 'kind = "call"\nnames = ["child_process.exec"]\nmessage = "{callee} runs a shell."\n'
MANIFEST = 'kind = "manifest"\nfield = "license"\nis = "absent"\nmessage = "{field} is missing."\n'
QUERY = 'kind = "query"\npython = """\n(call) @finding\n"""\nmessage = "{finding}"\n'
SCHEMA = 'kind = "schema"\n[match.schema]\ntype = "object"\n[match.schema.properties.license]\ntype = "string"\n'


def told(folders, rule_text, old, new, line, *words):
    """Replace a part of the rule, load, and look for one mistake on that line with these words."""
    assert old in rule_text
    folders.write(PATH, rule_text.replace(old, new))
    with pytest.raises(LibraryError) as caught:
        folders.load()
    found = [mistake for mistake in caught.value.mistakes if mistake.line == line]
    assert found, str(caught.value)
    text = " / ".join(str(mistake) for mistake in found)
    assert text.startswith(PATH)
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('severity = "high"\n', 'severity = "hihg"\n', 5,
         ('severity is "hihg"', "critical, high, medium, low, info", "did you mean 'high'")),
        ('severity = "high"\n', "severity = 3\n", 5, ("severity is the number 3", "expected a text", 'severity = "high"')),
        ('severity = "high"\n', 'severty = "high"\n', 5, ('unknown key "severty"', "did you mean 'severity'")),
        ('severity = "high"\n', 'severity = "high"\ncolour-of-it = 1\n', 6, ("unknown key", "known keys: id, name")),
        ('fix = "Run the code in an engine of its own."\n', "", 1, ('"fix" is missing', "write for example fix =")),
        ('fix = "Run the code in an engine of its own."\n', 'fix = " "\n', 9, ("fix is an empty text",)),
        ('confidence = "certain"', 'confidence = "sure"', 6, ("certain, likely, possible",)),
        ('status = "stable"', 'status = "Stable"', 7, ("did you mean 'stable'",)),
        ('since = "0.1.0"', 'since = "soon"', 8, ("a version of three numbers", 'since = "0.1.0"')),
        ('since = "0.1.0"', "since = 2025-01-01", 8, ("since is the date or time 2025-01-01",)),
        ('checklist = ["SEC4"]', 'checklist = "SEC4"', 10, ('checklist is the text "SEC4"', "a list of texts", '["SEC4"]')),
        ('checklist = ["SEC4"]', 'checklist = ["SEC4", "SEC4"]', 10, ('names "SEC4" twice',)),
        ('checklist = ["SEC4"]', 'checklist = ["SEC-4"]', 10, ("ids of checklist items",)),
        ('"CWE-265", ', '"cwe 265", ', 11, ("CWE-<number>",)),
        ('"https://example.com/sandbox"', '"http://example.com"', 11, ("an https:// address",)),
        ('[applies-to]\n', 'more-specific-than = ["SEC001"]\n[applies-to]\n', 12, ("names the rule itself",)),
        ('[applies-to]\n', 'style = "yes"\n[applies-to]\n', 12, ('style is the text "yes"', "expected true or false")),
        ('kind = ["host"]', 'kind = ["hosts"]', 13, ("plugin, host, registry, design", "did you mean 'host'")),
        ('kind = ["host"]', 'kind = ["host"]\nlanguage = ["ruby"]', 14, ("javascript, typescript, python",)),
        ('kind = ["host"]', 'kind = ["host"]\ntrust = [0]', 14, ("trust is 0", "1, 2, 3")),
        ('kind = ["host"]', 'kind = ["host"]\nlanguages = ["python"]', 14, ("did you mean 'language'",)),
        ('id = "SEC001"', 'id = "sec1"', 2, ("2 to 8 capital letters and a number", 'id = "SEC014"')),
        ('id = "SEC001"', 'id = "ACME001"', 2, ("expected SEC and three digits",)),
        ('id = "SEC001"', 'id = "SEC1"', 2, ("expected SEC and three digits",)),
        ('id = "SEC001"', 'id = "SEC002"', 2, ("must be named SEC002-no-sandbox-module.md",)),
        ('name = "no-sandbox-module"', 'name = "No sandbox"', 3, ("lower-case words with hyphens",)),
        ('expert = "security"', 'expert = "lifecycle"', 4, ("SEC001 belongs to security",)),
        ('expert = "security"', 'expert = "securty"', 4, ("did you mean 'security'",)),
        ('severity = "high"\n', 'severity = "high\n', 5, ("not valid TOML",)),
        ('severity = "high"\n', "severity = \n", 5, ("not valid TOML",)),
        ('severity = "high"\n', 'severity = "high"\nseverity = "low"\n', 6, ("not valid TOML",)),
        ('severity = "high"\n', f'{"a." * 100}a = 1\n', 5, ("more than 64 dots",)),
        ('severity = "high"\n', f'x = {"[" * 5000}\n', 2, ("nested too deeply",)),
        ("+++\nid", "id", 1, ("begins with front matter between two lines of +++",)),
        ("+++\n##", "##", 1, ("not closed by a line of +++",)),
    ],
)  # fmt: skip
def test_a_mistake_in_the_front_matter_is_told(folders, rule_text, old, new, line, words):
    told(folders, rule_text, old, new, line, *words)


@pytest.mark.parametrize(
    ("match", "line", "words"),
    [
        (IMPORT.replace("import", "imports"), 15, ("call, import, query, schema, manifest", "did you mean 'import'")),
        (IMPORT.replace('kind = "import"\n', ""), 14, ('"kind" is missing',)),
        (IMPORT.replace('["vm2"]', "[]"), 16, ("modules is an empty list",)),
        (IMPORT.replace('"vm2"', '"node:vm"'), 16, ("module names without node:",)),
        (IMPORT.replace("{module}", "{modul}"), 17, ("fills in {module}", "did you mean 'module'")),
        (IMPORT + 'names = ["a.b"]\n', 18, ('unknown key "names"',)),
        (CALL.replace('"child_process.exec"', '"*.exec"'), 16, ("a dotted name without node:",)),
        (CALL.replace('"child_process.exec"', '"node:vm.run"'), 16, ("a dotted name without node:",)),
        (CALL + '[[match.where]]\nis = "dynamic"\n', 18, ("which argument it means",)),
        (CALL + "[[match.where]]\nargument = 0\n", 18, ("needs one of is, equals, matches",)),
        (CALL + '[[match.where]]\nargument = 0\nis = "literal"\nequals = "x"\n', 21, ("this one has is and equals",)),
        (CALL + '[[match.where]]\nargument = 0\nis = "dinamic"\n', 20, ("did you mean 'dynamic'",)),
        (CALL + '[[match.where]]\nargument = -1\nis = "literal"\n', 19, ("argument counts from 0",)),
        (CALL + '[[match.where]]\nargument = 0\nis = "literal"\n[[match.where]]\nargument = 1\nmatches = "(?=a)"\n', 23,
         ("no regular expression of RE2", "no look-around")),
        (CALL + '[match.where]\nargument = 0\n', 18, ("where is a table", "expected a list of tables")),
        (MANIFEST.replace('is = "absent"\n', ""), 14, ("needs one of is, equals, matches, not-matches",)),
        (MANIFEST.replace('"absent"', '"missing"'), 17, ("absent, present, empty",)),
        (MANIFEST.replace('is = "absent"', 'matches = "("'), 17, ("no regular expression of RE2",)),
        (MANIFEST + 'when-is = "present"\n', 19, ("when-is needs when-field",)),
        (MANIFEST + 'when-field = "main"\n', 14, ("when-is, when-equals, when-matches, when-not-matches",)),
        (QUERY.replace("@finding", "@here"), 17, ("no capture is named @finding",)),
        (QUERY.replace("(call)", "(cal)"), 17, ("the python query can't be used", "Invalid node type")),
        (QUERY.replace("(call)", "\n\n(call"), 19, ("the python query can't be used",)),
        (QUERY.replace('python = """\n(call) @finding\n"""\n', ""), 14, ("a query for one of",)),
        (SCHEMA.replace('"string"', '"text"'), 19, ("not a JSON Schema",)),
        (SCHEMA.replace('type = "string"', '"$ref" = "https://example.com/s.json"'), 19, ("leads out of the rule file",)),
        (SCHEMA.replace('type = "string"', 'pattern = "(?<!a)b"'), 19, ("no regular expression of RE2",)),
    ],
)  # fmt: skip
def test_a_mistake_in_a_match_is_told(folders, rule_text, match, line, words):
    told(folders, rule_text, IMPORT, match, line, *words)


@pytest.mark.parametrize("match", [IMPORT, CALL, MANIFEST, QUERY, SCHEMA])
def test_each_kind_of_match_is_taken_as_it_is_written(folders, rule_text, match):
    folders.write(PATH, rule_text.replace(IMPORT, match))
    read = folders.load().rules["SEC001"].match
    assert read is not None
    assert read["kind"] == re.findall(r'kind = "(\w+)"', match)[0]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("## Why it matters\nIt is none.\n", "", 19, ("the section ## Why it matters is missing",)),
        ("## Why it matters", "## Why it maters", 22, ('unknown heading "Why it maters"', "did you mean 'Why it matters'")),
        ("It is none.\n", "", 22, ("the section Why it matters is empty",)),
        ("## Good\n", "## Bad\n", 30, ("a second time",)),
        ("## Why it matters\nIt is none.\n\n", "## References\nx\n## Why it matters\nIt is none.\n", 24, ("out of order",)),
        ("## What it finds", "Well.\n## What it finds", 19, ("text before the first heading",)),
        ("```js src/host.js\nconst { VM", "```js\nconst { VM", 26, ('says "js"', "```ts src/host.ts case=a")),
        ("```js src/host.js\nconst { VM", "```\nconst { VM", 26, ("says nothing",)),
        ("```js src/host.js\nconst { VM", "```js ../host.js\nconst { VM", 26, ("a path inside the subject",)),
        ("```js src/host.js\nconst { VM", "```js src/host.js case=a/b\nconst { VM", 26, ("the case is",)),
        ('worker_threads");\n', 'worker_threads"); // <- here\n', 31, ("a Good example has no finding",)),
        ('worker_threads");\n```', 'worker_threads");', 31, ("the fence that opens here is not closed",)),
        ('```js src/host.js\nconst { Worker } = require("node:worker_threads");\n```', "None.", 30, ("Good has no example",)),
        ("// <- here\n```\n", "\n```\n```js a.js case=x\n1\n```\n```js a.js case=x\n2\n```\n", 32, ("has the file a.js twice",)),
    ],
)  # fmt: skip
def test_a_mistake_in_the_page_is_told(folders, rule_text, old, new, line, words):
    told(folders, rule_text, old, new, line, *words)


def test_a_page_without_any_heading_lacks_all_six(folders, rule_text):
    folders.write(PATH, rule_text[: rule_text.index("## What")])
    with pytest.raises(LibraryError) as caught:
        folders.load()
    assert len(caught.value.mistakes) == 6


def test_all_mistakes_of_a_file_are_told_at_once(folders, rule_text):
    wrong = rule_text.replace('"high"', '"hihg"').replace('vm2"]', 'vm2"]\nname = "x"').replace("## Good", "## Godo")
    folders.write(PATH, wrong)
    with pytest.raises(LibraryError) as caught:
        folders.load()
    assert [mistake.line for mistake in caught.value.mistakes] == [5, 17, 20, 31]
    assert str(caught.value).startswith("4 mistakes in the rule library:\n  " + PATH + ":5: ")


def test_mistakes_of_several_files_are_told_at_once(folders, rule_text):
    folders.write(PATH, rule_text.replace('"high"', '"hihg"'))
    folders.write("skills/security/checklist.toml", '[[item]]\nid = "SEC4"\n')
    with pytest.raises(LibraryError) as caught:
        folders.load()
    assert {mistake.path for mistake in caught.value.mistakes} == {PATH, "skills/security/checklist.toml"}


def test_a_page_that_is_no_utf8_is_told_with_its_line(folders, rule_text):
    folders.write(PATH, "").write_bytes(rule_text.encode().replace(b"engine", b"engine\xff"))
    with pytest.raises(LibraryError, match=r":9: not UTF-8"):
        folders.load()


def test_a_page_that_is_too_large_is_told(folders, rule_text):
    folders.write(PATH, rule_text + "x" * 300_000)
    with pytest.raises(LibraryError, match="bytes; a page has at most"):
        folders.load()


def test_windows_line_ends_and_a_byte_order_mark_are_read(folders, rule_text):
    folders.write(PATH, "").write_bytes(b"\xef\xbb\xbf" + rule_text.replace("\n", "\r\n").encode())
    assert folders.load(pages=True).rules["SEC001"].examples[0].text.startswith("const { VM }")
