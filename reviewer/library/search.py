"""Full-text search over the pages of rules, skills and guides, the same on every machine."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.nearest import nearest
from reviewer.core.regex import regex
from reviewer.library.markdown import read_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.core.rule import Rule
    from reviewer.library.library import Library

_WORD: Final = regex(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+[0-9]+|[A-Z]+|[0-9]+")
_COMMON: Final = (
    "a an and are as at be by can do does for from has have how if in is it its not of on or should that the "
    "their then there these this to was what when where which who why will with you your"
)
_STOP: Final = frozenset(_COMMON.split())
_SATURATION: Final = 1.2
"""BM25's k1: how soon more of the same word stops counting."""
_LENGTH: Final = 0.75
"""BM25's b: how much a long text is held against it."""
_TITLE: Final = 4
"""How often a word of a title counts."""
_EXCERPT: Final = 160
_MOST_WORDS: Final = 40
"""Words of a query that are looked for; to find the nearest known one takes a while."""
_STARTS: Final = regex(r"\s*(?:[-*+>|#]|\d+\.)")
_MARKS: Final = regex(r"^\s*(?:[-*+>]|\d+\.|#+)\s+|\*\*|^\s*\||\|\s*$|^[\s|:-]+$")


class Hit(Struct, frozen=True):
    """One place that answers a query."""

    kind: str
    """``rule``, ``skill`` or ``agent``."""
    name: str
    """The rule's id, the skill's name, or the expert."""
    title: str
    """The rule's name, or the heading of the section."""
    source: str
    line: int
    excerpt: str
    """The passage that says most of the query, shortened."""
    score: float
    """Higher is better; rounded to three digits."""


class _Document(Struct, frozen=True):
    """One text that can be found, with the words of title and text counted."""

    kind: str
    name: str
    title: str
    source: str
    line: int
    text: str
    words: Counter[str]

    @property
    def length(self) -> int:
        return sum(self.words.values())


def search(library: Library, query: str, limit: int = 20) -> tuple[Hit, ...]:
    """Return the places of rules, skills and guides that answer a query, best first.

    Finds what was read: load the library with ``pages=True`` to search the pages too. Documents are ranked by
    BM25; a word that nobody uses is taken for the nearest known one.
    """
    documents = list(_documents(library))
    spread = Counter(word for document in documents for word in document.words)
    wanted = _known(_words(query)[:_MOST_WORDS], spread)
    if not documents or not wanted:
        return ()
    average = sum(document.length for document in documents) / len(documents)
    hits = []
    for document in documents:
        score = 0.0
        for word in wanted:
            count = document.words[word]
            if count:
                rarity = math.log(1 + (len(documents) - spread[word] + 0.5) / (spread[word] + 0.5))
                norm = 1 - _LENGTH + _LENGTH * document.length / average
                score += rarity * count * (_SATURATION + 1) / (count + _SATURATION * norm)
        if score:
            hits.append(_hit(document, wanted, round(score, 3)))
    hits.sort(key=lambda hit: (-hit.score, hit.kind, hit.name, hit.line))
    return tuple(hits[:limit])


def _documents(library: Library) -> Iterator[_Document]:
    """Yield each rule as one document, and skills and guides section by section."""
    for rule in library.rules.values():
        yield _document("rule", rule.id, rule.name, rule.source, 1, _rule_text(rule))
    for skill in library.skills.values():
        yield _document("skill", skill.name, skill.name, skill.source, 1, skill.description)
        yield from _parts("skill", skill.name, skill.source, skill.body, skill.body_line)
    for agent in library.agents.values():
        yield _document("agent", agent.expert, agent.title, agent.source, 1, agent.mission)
        yield from _parts("agent", agent.expert, agent.source, agent.body, agent.body_line)


def _parts(kind: str, name: str, source: str, body: str, line: int) -> Iterator[_Document]:
    """Yield the sections of a page."""
    markdown = read_markdown(body, line)
    if markdown.before.strip():
        yield _document(kind, name, name, source, line, markdown.before)
    for section in markdown.sections:
        yield _document(kind, name, section.heading, source, section.line, section.text)


def _document(kind: str, name: str, title: str, source: str, line: int, text: str) -> _Document:
    """Count the words of a document, those of the title several times."""
    words = Counter(_words(text))
    for word in _words(f"{name} {title}"):
        words[word] += _TITLE
    return _Document(kind, name, title, source, line, text, words)


def _rule_text(rule: Rule) -> str:
    """Return everything that can be said of a rule in words."""
    facts = [rule.fix, " ".join(rule.references)]
    return "\n".join([*rule.sections.values(), *facts])


def _words(text: str) -> list[str]:
    """Cut a text into stems: identifiers at their humps, lower case, without the commonest endings."""
    words = (word.lower() for word in _WORD.findall(text))
    return [_stem(word) for word in words if word not in _STOP and (len(word) > 1 or word.isdigit())]


def _stem(word: str) -> str:
    """Take off the endings of plurals and verbs, as far as that is safe without a dictionary."""
    for ending, rest in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", "")):
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + rest
            break
    return word.removesuffix("e") if len(word) > 4 else word


def _known(words: list[str], spread: Counter[str]) -> list[str]:
    """Return each word once, a mistyped one as the nearest that occurs."""
    found = []
    for word in words:
        close = word if word in spread else nearest(word, spread)
        if close and close not in found:
            found.append(close)
    return found


def _hit(document: _Document, wanted: list[str], score: float) -> Hit:
    """Make a hit, with the first passage that holds most of the wanted words."""
    best, excerpt = 0, ""
    for passage in _passages(document.text):
        count = len(set(_words(passage)) & set(wanted))
        if count > best or not excerpt:
            best, excerpt = count, passage
    excerpt = excerpt or document.title
    if len(excerpt) > _EXCERPT:
        excerpt = f"{excerpt[: _EXCERPT - 1].rstrip()}…"
    return Hit(document.kind, document.name, document.title, document.source, document.line, excerpt, score)


def _passages(text: str) -> Iterator[str]:
    """Yield paragraphs, list items, table rows and lines of code, each on one line and without marks."""
    passage: list[str] = []
    fenced = False
    for line in [*text.split("\n"), ""]:
        fence = line.lstrip().startswith(("```", "~~~"))
        starts = fenced or fence or not line.strip() or _STARTS.match(line)
        if starts and passage:
            yield " ".join(passage)
            passage = []
        fenced ^= fence
        bare = line if fenced else _MARKS.sub("", line)
        if bare.strip() and not fence:
            passage.append(bare.strip())
