"""The examples of a rule page: small subjects that the rule has to speak about, or be silent on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.regex import regex
from reviewer.core.rule import Example, Rule

if TYPE_CHECKING:
    from reviewer.library.markdown import Fence, Section
    from reviewer.library.mistakes import Mistakes

MARK: Final = "<- here"
"""A comment with these words marks the line on which the finding of a Bad example starts."""

_INFO: Final = regex(r"(?P<language>[\w+#.-]+)[ \t]+(?P<path>\S+)(?:[ \t]+case=(?P<case>\S+))?")
_CASE: Final = regex(r"[A-Za-z0-9_-]+")
_ALIASES: Final = {
    "js": "javascript",
    "jsx": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "ts": "typescript",
    "tsx": "typescript",
    "py": "python",
    "yml": "yaml",
}
_RIGHT: Final = "a language, a path and at most one case, for example ```ts src/host.ts case=a"


class ExampleSubject(Struct, frozen=True):
    """The files of one example, in the order of the page."""

    name: str
    """The case, or ``line 12`` for a fence that is a subject of its own."""
    good: bool
    files: tuple[Example, ...]

    @property
    def line(self) -> int:
        """Line of the rule file on which the first fence opens."""
        return self.files[0].line

    @property
    def mark(self) -> tuple[str, int] | None:
        """Path and line (from 1) where the finding must start, or None where any place will do."""
        for file in self.files:
            for number, text in enumerate(file.text.split("\n"), start=1):
                if MARK in text:
                    return file.path, number
        return None


def example_subjects(rule: Rule) -> tuple[ExampleSubject, ...]:
    """Group the examples of a rule into subjects, Bad before Good."""
    groups: dict[tuple[bool, str], list[Example]] = {}
    for example in rule.examples:
        groups.setdefault((example.good, example.case), []).append(example)
    ordered = sorted(groups.items(), key=lambda group: (group[0][0], group[1][0].line))
    return tuple(ExampleSubject(case, good, tuple(files)) for (good, case), files in ordered)


def read_examples(path: str, section: Section, mistakes: Mistakes, *, good: bool) -> tuple[Example, ...]:
    """Read every fence of the section Bad or Good as one file of an example."""
    examples: list[Example] = []
    for fence in section.fences:
        example = _read_fence(path, fence, mistakes, good=good)
        if example is None:
            continue
        if any((other.case, other.path) == (example.case, example.path) for other in examples):
            mistakes.add(path, fence.line, f"the case {example.case} has the file {example.path} twice")
        examples.append(example)
    if not section.fences:
        text = f"the section {section.heading} has no example; write one as a fence: {_RIGHT}"
        mistakes.add(path, section.line, text)
    return tuple(examples)


def _read_fence(path: str, fence: Fence, mistakes: Mistakes, *, good: bool) -> Example | None:
    """Read one fence; None where its info string is wrong."""
    if not fence.closed:
        mistakes.add(path, fence.line, "the fence that opens here is not closed")
        return None
    info = _INFO.fullmatch(fence.info)
    if info is None:
        found = f'says "{fence.info[:60]}"' if fence.info else "says nothing"
        mistakes.add(path, fence.line, f"the info string of the fence {found}; expected {_RIGHT}")
        return None
    if not _inside(info["path"]):
        text = f'the path is "{info["path"][:60]}"; expected a path inside the subject with /'
        mistakes.add(path, fence.line, f"{text}, for example src/host.ts")
        return None
    case = info["case"] or f"line {fence.line}"
    if info["case"] and not _CASE.fullmatch(case):
        mistakes.add(path, fence.line, f'the case is "{case[:60]}"; expected letters and digits, for example case=a')
        return None
    if good and MARK in fence.text:
        mistakes.add(path, fence.line, f'a Good example has no finding, so "{MARK}" marks nothing')
    language = _ALIASES.get(info["language"].lower(), info["language"].lower())
    return Example(case, good, language, info["path"], fence.text, fence.line)


def _inside(path: str) -> bool:
    """Tell whether a path stays inside the example's subject."""
    parts = path.split("/")
    return "\\" not in path and ":" not in path and not any(part in {"", ".", ".."} for part in parts)
