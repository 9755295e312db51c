"""COM270: a page sends the assistant to a file that is not in the plugin."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.core.nearest import nearest
from reviewer.core.regex import regex
from reviewer.experts.assistant.host import SKILL
from reviewer.experts.assistant.page import Role
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.assistant.scripts import made_later, there
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from reviewer.experts.assistant.page import Line, Page
    from reviewer.experts.check import Inquiry

_LINK: Final = regex(r"(?<!!)\[[^\[\]\n]{1,300}\]\(<?([^()\s<>]{1,300})>?(?:\s+\"[^\"\n]{0,200}\")?\)")
_ROOTED: Final = regex(r"\$\{?CLAUDE_(PLUGIN_ROOT|SKILL_DIR)\}?[\"']?/([\w./-]{1,300})")
_CODE: Final = regex(r"`([^`\n]{1,300})`")
_OWN: Final = regex(
    r"(?<![\w./$}-])(?:\./)?((?:scripts|references|assets|reference)/[\w.-]+(?:/[\w.-]+){0,6}\.\w{1,6})(?![\w/*{])"
)
_OPEN_ENDED: Final = ("*", "{", "$", "<", "[")
"""Signs behind a path by which it goes on with something that is filled in later."""
_ABOUT_PLUGINS: Final = (
    r"(?i)\b(creat\w*|build\w*|writ\w*|author\w*|develop\w*|add|mak\w*|structure|scaffold\w*)\b[^.]{0,60}"
    r"\b(skills?|plugins?|hooks?|slash commands?|sub-?agents?|agents?)\b"
)
_ELSEWHERE: Final = r"^[a-z][a-z0-9+.-]*:|^[#/~$]|[{}<>*]|\.\.\.|^(path|url|link|file|example)s?$"
_SAMPLE: Final = (
    r"(?i)\b(examples?|e\.g\.|for instance|such as|create|creates|created|write|writes|written|save|saved|saves|"
    r"generate\w*|output\w*|produce\w*|would|could|might|optional\w*|if (it )?exists?|if present|add|put|place|"
    r"store\w*|new|user's|your)\b"
)
"""Words of a line that speaks of a file that is made, or of one in somebody else's folder."""


@subject_check("COM270")
def page_names_missing_file(inquiry: Inquiry) -> Iterator[Match]:
    """Follow the links of every page, the paths from the root of the plugin, and those of a skill to its own files."""
    for page in parts_of(inquiry).pages:
        done: set[str] = set()
        for line in page.lines:
            for start, end, text, path in _paths(page, line):
                if path in done or _found(inquiry, page, path, text) or made_later(inquiry, path):
                    continue
                done.add(path)
                yield Match(
                    page.place(line.number, start, end),
                    f"There is no '{short(text)}' in the {'skill' if inquiry.subject.ecosystem == SKILL else 'plugin'}"
                    f"{_near(inquiry, path)}: the assistant looks for it in vain.",
                )


def _paths(page: Page, line: Line) -> Iterator[tuple[int, int, str, str]]:
    """Yield start, end and text of the paths in a line, each with the path from the folder of the subject."""
    text = line.text
    if line.role in (Role.PROSE, Role.TABLE):
        bare = _CODE.sub(lambda hit: " " * len(hit.group()), text)
        for hit in _LINK.finditer(bare):
            target = hit[1].split("#", 1)[0]
            if target and not found(_ELSEWHERE, target) and "." in target.rsplit("/", 1)[-1]:
                yield hit.start(1), hit.end(1), target, posixpath.normpath(f"{page.folder}{target}")
    if page.kind == "reference" or _teaches(page):
        return
    shown = line.role is Role.FENCE and line.language not in ("bash", "sh", "shell", "console", "")
    if line.role in (Role.QUOTE, Role.COMMENT) or shown:
        return
    for hit in _ROOTED.finditer(text):
        path = hit[2].rstrip("./-")
        if text[hit.end() : hit.end() + 1] not in _OPEN_ENDED and path:
            yield hit.start(), hit.end(), path, path if hit[1] == "PLUGIN_ROOT" else f"{page.folder}{path}"
    if page.kind != "skill" or found(_SAMPLE, text) or line.role is Role.FENCE:
        return
    for code in _CODE.finditer(text):
        for hit in _OWN.finditer(code[1]):
            start = code.start(1) + hit.start(1)
            yield start, start + len(hit[1]), hit[1], f"{page.folder}{hit[1]}"


def _found(inquiry: Inquiry, page: Page, path: str, text: str) -> bool:
    """Tell whether a path is there: from the page, from the root, or of a reference from the folder of its skill."""
    if there(inquiry, path) or (page.kind == "skill" and there(inquiry, text)):
        return True
    above = posixpath.dirname(page.folder.rstrip("/"))
    return page.kind == "reference" and there(inquiry, posixpath.join(above, text))


def _teaches(page: Page) -> bool:
    """Tell whether a page is about making plugins, whose files are samples."""
    value = page.get("description")
    return value is not None and found(_ABOUT_PLUGINS, value.text)


def _near(inquiry: Inquiry, path: str) -> str:
    """Return the file that may be meant: of the same name elsewhere, or nearly so in the same folder."""
    name = path.rsplit("/", 1)[-1]
    same = [one for one in inquiry.subject.files if one.rsplit("/", 1)[-1] == name]
    folder = path.rpartition("/")[0]
    beside = [one for one in inquiry.subject.files if one.rpartition("/")[0] == folder]
    near = same[0] if len(same) == 1 else nearest(path, beside[:2000])
    return f"; there is '{near}'" if near else ""
