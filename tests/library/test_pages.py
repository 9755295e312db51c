"""Lines of keys, sections of pages, examples and their marks."""

from __future__ import annotations

import tomllib

import pytest

from reviewer.library.examples import example_subjects
from reviewer.library.markdown import read_markdown
from reviewer.library.toml_lines import key_lines


def test_keys_are_found_on_their_lines():
    text = '''a = 1
"b.c" = [
  "x = 1",  # ] " \'\'\'
  """y = 2
z = 3""",
]
d.e = { f = 1 }
[t.u]
v = """
w = 1 \\"""
"""
k = \'\'\'one\'\'\'
[[l]]
m = 1
[[l]]
m = 2
[l.n]
o = 3
'''
    tomllib.loads(text)
    lines = key_lines(text)
    assert lines.keys == {
        ("a",): 1,
        ("b.c",): 2,
        ("d",): 7,
        ("d", "e"): 7,
        ("t", "u"): 8,
        ("t", "u", "v"): 9,
        ("t", "u", "k"): 12,
        ("l",): 13,
        ("l", 0): 13,
        ("l", 0, "m"): 14,
        ("l", 1): 15,
        ("l", 1, "m"): 16,
        ("l", 1, "n"): 17,
        ("l", 1, "n", "o"): 18,
    }
    assert lines.text_line("t", "u", "v") == 10
    assert lines.text_line("t", "u", "k") == 12
    assert lines.line("d", "e", "f") == 7
    assert lines.line("l", 1, "unknown") == 15
    assert lines.line("unknown") == 1


def test_a_heading_inside_a_fence_is_text():
    page = read_markdown("# T\n## A\n```md\n## B\n````\ntext\n### deep\n## C ##\nend", first=10)
    assert [(section.heading, section.line) for section in page.sections] == [("A", 11), ("C", 17)]
    assert [(fence.text, fence.line) for fence in page.sections[0].fences] == [("## B\n", 12)]
    assert page.sections[0].text.endswith("text\n### deep")


def test_lines_made_to_be_slow_are_read_in_one_pass():
    spaces = " " * 200_000
    page = read_markdown(f"## A{spaces}#{spaces}x\n```py{spaces}x{spaces}y\n```\n#{spaces}\n")
    assert [section.heading[-1] for section in page.sections] == ["x"]
    assert page.sections[0].fences[0].closed


def test_a_page_without_headings_has_no_sections():
    assert read_markdown("text\n").sections == ()


@pytest.mark.parametrize(
    ("text", "fences"),
    [
        ("## A\n~~~ py a.py\nx\n~~~\n", [("py a.py", "x\n", True)]),
        ("## A\n````md a.md\n```\nx\n```\n````\n", [("md a.md", "```\nx\n```\n", True)]),
        ("## A\n  ```py a.py\n  if x:\n      y\n  ```\n", [("py a.py", "if x:\n    y\n", True)]),
        ("## A\n```py a.py\nx\n", [("py a.py", "x\n\n", False)]),
        ("## A\nuse ```x``` here\n", []),
        ("## A\n```py a.py\n```\n", [("py a.py", "", True)]),
    ],
)
def test_fences_are_read_as_markdown_has_them(text, fences):
    section = read_markdown(text).sections[0]
    assert [(fence.info, fence.text, fence.closed) for fence in section.fences] == fences


def test_fences_of_one_case_are_one_subject_and_others_stand_alone(folders, rule_text):
    start, end = rule_text.index("## Bad"), rule_text.index("## When")
    examples = (
        "## Bad\n```json plugin.json case=a\n{}\n```\n```ts src/host.ts case=a\nx; // <- here\n```\n"
        "```py one.py\nx\n```\n```py one.py\nimport x  # <- here\n```\n"
        "## Good\n```tsx b.tsx case=a\nx\n```\n\n"
    )
    folders.write("skills/security/rules/SEC001-no-sandbox-module.md", rule_text[:start] + examples + rule_text[end:])
    subjects = example_subjects(folders.load(pages=True).rules["SEC001"])
    assert [(one.good, [file.path for file in one.files]) for one in subjects] == [
        (False, ["plugin.json", "src/host.ts"]),
        (False, ["one.py"]),
        (False, ["one.py"]),
        (True, ["b.tsx"]),
    ]
    assert [one.mark for one in subjects] == [("src/host.ts", 1), None, ("one.py", 1), None]
    assert [file.language for one in subjects for file in one.files] == [
        "json", "typescript", "python", "python", "typescript",
    ]  # fmt: skip
    assert subjects[1].name == f"line {subjects[1].line}"
