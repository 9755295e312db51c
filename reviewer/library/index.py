"""The compact index of the library: what a review needs, without the pages, as JSON.

An index is data alone. It is used only if it was made from the very files that are there
now, by this version, is undamaged, and has the expected shape in every field; else it is
made again.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from reviewer.core.checklist import Question
from reviewer.core.rule import AppliesTo, Rule
from reviewer.core.scale import Confidence, Severity
from reviewer.library.cache import read_cached, write_cached
from reviewer.library.contents import Agent, Contents, Skill
from reviewer.library.listing import File, content_key, sizes_key

_FORMAT: Final = "reviewer/library-index/2"
SHIPPED: Final = Path(__file__).with_name("index.json")
_LIMIT: Final = 16_777_216
"""Bytes of an index file."""
_AT_ONCE: Final = 60_000_000_000
"""Nanoseconds in which an installation or a checkout writes all of its files."""

_MATCH_SHAPE: Final[dict[str, type | tuple[type, ...]]] = {
    "kind": str,
    "message": str,
    "names": list,
    "where": list,
    "modules": list,
    "javascript": str,
    "typescript": str,
    "python": str,
    "schema": dict,
    "field": str,
    "is": str,
    "equals": (str, int, float),
    "matches": str,
    "not-matches": str,
    "when-field": str,
    "when-is": str,
    "when-equals": (str, int, float),
    "when-matches": str,
    "when-not-matches": str,
}


def read_index(path: Path, key: str) -> Contents | None:
    """Return what an index holds, or None where it can't be used; ``key`` is the digest of the listing."""
    stored = read_cached(path, _LIMIT)
    if stored is None:
        return None
    head, _, payload = stored.partition(b"\n")
    if head != _head(key, payload):
        return None
    try:
        return _contents(json.loads(payload))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def write_index(path: Path, key: str, contents: Contents) -> None:
    """Store an index; where that can't be done, the next start reads the files again."""
    payload = json.dumps(_plain(contents), separators=(",", ":")).encode()
    write_cached(path, _head(key, payload) + b"\n" + payload)


def _plain(contents: Contents) -> dict[str, Any]:
    """Put contents without their pages into plain data."""
    return {
        "digest": contents.digest,
        "rules": [_rule_row(rule) for rule in contents.rules.values()],
        "agents": [
            [
                agent.expert,
                agent.title,
                agent.mission,
                agent.keywords,
                agent.skills,
                agent.questions,
                agent.source,
            ]
            for agent in contents.agents.values()
        ],
        "skills": [[skill.name, skill.description, skill.source] for skill in contents.skills.values()],
        "questions": [
            [item.id, item.expert, item.question, item.kinds, item.automatic, item.evidence, item.needs]
            for item in contents.questions.values()
        ],
    }


def read_shipped(files: list[File]) -> Contents | None:
    """Return what the index that ships with the product holds, or None where it was made from other files.

    It spares a first start the reading of every page: names and sizes are enough where no file is younger than the
    index, as after an installation; else the content of all of them has to be the same.
    """
    try:
        stored = json.loads(SHIPPED.read_bytes())
        young = SHIPPED.stat().st_mtime_ns + _AT_ONCE
        untouched = stored["sizes"] == sizes_key(files) and all(file.modified < young for file in files)
        same = untouched or stored["made_from"] == content_key(files)
        return _contents(stored["contents"]) if same else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def shipped_text(files: list[File], contents: Contents) -> str:
    """Return the text of the index that ships, a rule a line so that a change shows as one."""
    data = _plain(contents)
    rules = ",\n".join(json.dumps(row, ensure_ascii=True) for row in data.pop("rules"))
    rest = json.dumps(data, ensure_ascii=True)[1:]
    made = {
        "format": _FORMAT,
        "note": "Made from skills/ and agents/; tests/library/test_shipped_index.py says how to make it again.",
        "made_from": content_key(files),
        "sizes": sizes_key(files),
    }
    head = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in made.items())
    return f'{{\n{head},\n"contents": {{"rules": [\n{rules}\n], {rest}\n}}\n'


def _head(key: str, payload: bytes) -> bytes:
    """Return the first line of an index: format, the files it was made from, its own digest."""
    return f"{_FORMAT} {key} {hashlib.sha256(payload).hexdigest()}".encode()


def _rule_row(rule: Rule) -> list[Any]:
    """Put a rule without its page into a row."""
    reach = rule.applies_to
    return [
        rule.id,
        rule.name,
        rule.expert,
        rule.severity,
        rule.confidence,
        rule.status,
        rule.since,
        rule.fix,
        [reach.kinds, reach.languages, reach.ecosystems, reach.trust],
        rule.references,
        rule.checklist,
        rule.more_specific_than,
        rule.guide,
        rule.style,
        rule.match,
        rule.source,
    ]


def _contents(data: dict[str, Any]) -> Contents:
    """Make the records of an index; raises ValueError, TypeError or KeyError on another shape."""
    rules = [_rule(row) for row in data["rules"]]
    agents = [_agent(row) for row in data["agents"]]
    skills = [_skill(row) for row in data["skills"]]
    questions = [_question(row) for row in data["questions"]]
    return Contents(
        _text(data["digest"]),
        {rule.id: rule for rule in rules},
        {agent.expert: agent for agent in agents},
        {skill.name: skill for skill in skills},
        {question.id: question for question in questions},
    )


def _rule(row: list[Any]) -> Rule:
    """Make a rule of its row."""
    *texts, reach, references, checklist, specific, guide, style, match, source = row
    identity, name, expert, severity, confidence, status, since, fix = map(_text, texts)
    kinds, languages, ecosystems, trust = reach
    return Rule(
        identity,
        name,
        expert,
        Severity(severity),
        Confidence(confidence),
        status,
        since,
        fix,
        AppliesTo(_texts(kinds), _texts(languages), _texts(ecosystems), tuple(map(_number, trust))),
        _texts(references),
        _texts(checklist),
        _texts(specific),
        tuple(map(_number, guide)),
        _flag(style),
        None if match is None else _match(match),
        source=_text(source),
    )


def _agent(row: list[Any]) -> Agent:
    """Make an agent of its row."""
    expert, title, mission, keywords, skills, questions, source = row
    return Agent(
        _text(expert),
        _text(title),
        _text(mission),
        _texts(keywords),
        _texts(skills),
        _texts(questions),
        _text(source),
    )


def _skill(row: list[Any]) -> Skill:
    """Make a skill of its row."""
    name, description, source = map(_text, row)
    return Skill(name, description, source)


def _question(row: list[Any]) -> Question:
    """Make a question of its row."""
    identity, expert, question, kinds, automatic, evidence, needs = row
    return Question(
        _text(identity),
        _text(expert),
        _text(question),
        _texts(kinds),
        _flag(automatic),
        _text(evidence),
        _texts(needs),
    )


def _match(match: object) -> dict[str, Any]:
    """Check the outline of a match: known keys, each of its type."""
    if not isinstance(match, dict) or "kind" not in match:
        raise TypeError("a match is a table with a kind")
    for key, value in match.items():
        if not isinstance(value, _MATCH_SHAPE[key]):
            raise TypeError(key)
    for key in ("names", "modules"):
        _texts(match.get(key, []))
    if not all(isinstance(condition, dict) for condition in match.get("where", ())):
        raise TypeError("where")
    return match


def _text(value: object) -> str:
    """Return a text, or raise."""
    if type(value) is not str:
        raise TypeError("expected a text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    """Return a list of texts as a tuple, or raise."""
    if type(value) is not list:
        raise TypeError("expected a list")
    for item in value:
        if type(item) is not str:
            raise TypeError("expected a list of texts")
    return tuple(value)


def _number(value: object) -> int:
    """Return a whole number, or raise."""
    if type(value) is not int:
        raise TypeError("expected a number")
    return value


def _flag(value: object) -> bool:
    """Return true or false, or raise."""
    if type(value) is not bool:
        raise TypeError("expected true or false")
    return value
