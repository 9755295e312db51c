"""Reads every file of the library, checks each and all of them together."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer import __version__
from reviewer.core.experts import EXPERTS
from reviewer.core.nearest import did_you_mean
from reviewer.library.agent import read_agent
from reviewer.library.checklist import read_checklist
from reviewer.library.contents import Contents
from reviewer.library.plain_file import open_plain
from reviewer.library.rule_file import read_rule
from reviewer.library.rule_schema import SMALLEST_MATCH
from reviewer.library.skill import read_skill
from reviewer.library.tables import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.core.checklist import Question
    from reviewer.library.listing import File
    from reviewer.library.mistakes import Mistakes

_LIMIT: Final = 262_144
"""Bytes of one page."""
_FILE_LIMIT: Final = 16_777_216
"""Bytes of any one data file."""


def read_contents(files: Iterable[File], mistakes: Mistakes) -> Contents:
    """Read and check all files; what has a mistake is left out and noted."""
    contents, sources = Contents(), _Sources()
    digest = hashlib.sha256(__version__.encode())
    ecosystems = {"generic"}
    for file in files:
        content = _read(file, mistakes)
        name = file.shown.encode("utf-8", "surrogateescape")
        digest.update(b"%d %s %d " % (len(name), name, len(content)) + hashlib.sha256(content).digest())
        *folders, base = file.shown.split("/")
        if base == "profile.toml":
            ecosystems.add(folders[-1])
        if folders[-1] == "rules":
            sources.announce("rule", base.partition("-")[0])
        _take(file, content, contents, sources, mistakes)
    contents.digest = digest.hexdigest()
    _check_references(contents, sources, ecosystems, mistakes)
    return Contents(
        contents.digest,
        dict(sorted(contents.rules.items())),
        {expert: contents.agents[expert] for expert in EXPERTS if expert in contents.agents},
        dict(sorted(contents.skills.items())),
        dict(sorted(contents.questions.items(), key=lambda item: _question_order(item[1]))),
    )


def read_text(file: File, mistakes: Mistakes) -> str | None:
    r"""Return the text of a page with ``\\n`` line ends; None where it can't be read."""
    return _decode(file, _read(file, mistakes), mistakes)


class _Sources:
    """Where each id and name was first met, to name both places of a collision."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], str] = {}
        self._announced: set[tuple[str, str]] = set()

    def claim(self, kind: str, name: str, path: str, mistakes: Mistakes) -> bool:
        """Take a name for a file; tell whether it was free."""
        first = self._places.setdefault((kind, name), path)
        if first != path:
            mistakes.add(path, 1, f"the {kind} {shown(name)} exists already, in {first}")
        return first == path

    def announce(self, kind: str, name: str) -> None:
        """Note that a file of this name is there, so that its mistakes are not told of those who name it."""
        self._announced.add((kind, name))

    def announced(self, kind: str, name: str) -> bool:
        """Tell whether there is a file of this name, with mistakes or without."""
        return (kind, name) in self._announced


def _take(file: File, content: bytes, contents: Contents, sources: _Sources, mistakes: Mistakes) -> None:
    """Read one file as what its place says it is; files of other floors are passed over."""
    kind = _kind(file)
    if not kind:
        return
    text = _decode(file, content, mistakes)
    if text is None:
        return
    if kind == "rule":
        rule = read_rule(file.shown, text, mistakes, own=file.own)
        if rule and file.own and rule.match is None and not _has_check(file, rule.id):
            text = f"a rule of your own needs a [match], or a check in checks/*.py beside its rules/: {SMALLEST_MATCH}"
            mistakes.add(file.shown, 1, text)
        if rule and sources.claim("rule", rule.id, file.shown, mistakes):
            sources.claim("rule name", rule.name, file.shown, mistakes)
            contents.rules[rule.id] = rule
    elif kind == "skill":
        skill = read_skill(file.shown, text, mistakes)
        if skill and sources.claim("skill", skill.name, file.shown, mistakes):
            contents.skills[skill.name] = skill
    elif kind == "agent":
        agent = read_agent(file.shown, text, mistakes)
        if agent:
            sources.claim("agent", agent.expert, file.shown, mistakes)
            contents.agents[agent.expert] = agent
    else:
        items = read_checklist(file.shown, text, mistakes, own=file.own)
        for index, question in enumerate(items):
            if question.id in {other.id for other in items[:index]}:
                mistakes.add(file.shown, 1, f"the checklist item {shown(question.id)} stands here twice")
            elif sources.claim("checklist item", question.id, file.shown, mistakes):
                contents.questions[question.id] = question


def _has_check(file: File, rule: str) -> bool:
    """Tell whether a file of Python beside the rules of a person's own skill names a rule; nothing of it runs."""
    for path in sorted(Path(file.path).parent.parent.glob("checks/*.py")):
        try:
            with open_plain(path, follow=True) as stream:
                if f'"{rule}"'.encode() in stream.read(_LIMIT):
                    return True
        except OSError:
            continue
    return False


def _kind(file: File) -> str:
    """Tell from its place what a file is: rule, skill, agent, checklist, or nothing of ours."""
    folder, _, name = file.shown.rpartition("/")
    if folder == "agents" and not file.own:
        return "agent" if name.endswith(".md") else ""
    if folder.endswith("/rules"):
        return "rule" if name.endswith(".md") else ""
    return {"SKILL.md": "skill", "checklist.toml": "checklist"}.get(name, "")


def _read(file: File, mistakes: Mistakes) -> bytes:
    """Return the bytes of a file, empty where it can't be read or is too large to be data of ours."""
    try:
        with open_plain(file.path, follow=True) as stream:
            content = stream.read(_FILE_LIMIT + 1)
    except OSError as error:
        mistakes.add(file.shown, 0, f"can't be read: {error.strerror}")
        return b""
    if len(content) > _FILE_LIMIT:
        mistakes.add(file.shown, 0, f"more than {_FILE_LIMIT} bytes; this is no folder of skills")
        return b""
    return content


def _decode(file: File, content: bytes, mistakes: Mistakes) -> str | None:
    r"""Return the text of a page with ``\\n`` line ends, or None with the mistake noted."""
    if len(content) > _LIMIT:
        mistakes.add(file.shown, 0, f"{len(content)} bytes; a page has at most {_LIMIT}")
        return None
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        mistakes.add(file.shown, line, "not UTF-8; save the file as UTF-8")
        return None


def _check_references(contents: Contents, sources: _Sources, ecosystems: set[str], mistakes: Mistakes) -> None:
    """Check that what one file names exists in another."""
    for rule in contents.rules.values():
        named = (
            ("checklist", "checklist item", rule.checklist, contents.questions),
            ("more-specific-than", "rule", rule.more_specific_than, contents.rules),
            ("applies-to.ecosystem", "ecosystem", rule.applies_to.ecosystems, dict.fromkeys(ecosystems)),
        )
        for key, what, names, known in named:
            for name in names:
                if name not in known and not sources.announced(what, name):
                    hint = did_you_mean(name, known)
                    mistakes.add(rule.source, 1, f"{key} names {shown(name)}, but there is no such {what}{hint}")
    for agent in contents.agents.values():
        for name in agent.skills:
            if name not in contents.skills:
                hint = did_you_mean(name, contents.skills)
                text = f"skills names {shown(name)}, but there is no such skill{hint}"
                mistakes.add(agent.source, 1, text)


def _question_order(question: Question) -> tuple[int, str, int]:
    """Order by expert, then letters, then number: SEC2 before SEC10."""
    letters = question.id.rstrip("0123456789")
    return EXPERTS.index(question.expert), letters, int(question.id[len(letters) :])
