"""The library of a run: every rule, agent, skill and question, and the ways to look them up."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from reviewer import __version__
from reviewer.core.errors import UsageError
from reviewer.core.experts import EXPERTS, RULE_PREFIXES
from reviewer.core.regex import regex
from reviewer.library.cache import cache_folder
from reviewer.library.contents import Agent, Contents, Skill
from reviewer.library.index import read_index, read_shipped, write_index
from reviewer.library.listing import File, Root, TooManyFilesError, list_files, listing_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from reviewer.core.checklist import Question
    from reviewer.core.rule import Rule

_PREFIX: Final = regex(r"[A-Za-z]{2,8}[0-9]{0,5}")


class Library(Struct, frozen=True):
    """Everything the experts know, as data; each dict is in its fixed order."""

    rules: dict[str, Rule]
    """By id, sorted by id."""
    agents: dict[str, Agent]
    """By expert, in the order of the experts."""
    skills: dict[str, Skill]
    """By name."""
    questions: dict[str, Question]
    """By id, in the order of the experts, then by number."""
    digest: str
    """SHA-256 over the names and contents of all files, and the version: the rule set of a result."""
    pages: bool
    """Whether sections, examples and guides were read."""
    files: dict[str, File] = field(default_factory=dict)
    """Every data file by the name that `Rule.source` and messages use."""

    def rule(self, name_or_id: str) -> Rule:
        """Return the rule of this id or name; raises `UsageError` with the nearest one."""
        wanted = name_or_id.strip()
        rule = self.rules.get(wanted.upper())
        if rule is None:
            rule = next((rule for rule in self.rules.values() if rule.name == wanted.lower()), None)
        if rule is None:
            raise UsageError(f"there is no rule {wanted[:80]!r}{self._nearest(wanted)}")
        return rule

    def page(self, rule: Rule) -> Rule:
        """Return the rule with its sections and examples, reading its file where that was not done yet."""
        if rule.sections:
            return rule
        from reviewer.library.mistakes import Mistakes
        from reviewer.library.reader import read_text
        from reviewer.library.rule_file import read_rule

        file, mistakes = self.files[rule.source], Mistakes()
        text = read_text(file, mistakes)
        full = None if text is None else read_rule(rule.source, text, mistakes, own=file.own)
        mistakes.raise_any(self._openable)
        return full or rule

    def select(self, selectors: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
        """Return the rules that ``selectors`` name and ``ignore`` does not, sorted by id.

        A selector is an id, the beginning of ids (``SEC``, ``SEC0``), a rule's name or an
        expert. No selectors mean every rule. Raises `UsageError` for an unknown one.
        """
        wanted = tuple(selectors)
        chosen = {rule_id for selector in wanted for rule_id in self._selected(selector)}
        if not wanted:
            chosen = set(self.rules)
        dropped = {rule_id for selector in ignore for rule_id in self._selected(selector)}
        return tuple(rule for rule_id, rule in self.rules.items() if rule_id in chosen - dropped)

    def _selected(self, selector: str) -> list[str]:
        """Return the ids that one selector names."""
        wanted = selector.strip()
        identity = wanted.upper()
        if identity in self.rules:
            return [identity]
        named = [rule.id for rule in self.rules.values() if wanted.lower() in {rule.name, rule.expert}]
        if named or wanted.lower() in EXPERTS:
            return named
        begun = [rule_id for rule_id in self.rules if rule_id.startswith(identity)]
        if (begun and _PREFIX.fullmatch(wanted)) or identity in RULE_PREFIXES:
            return begun
        raise UsageError(f"there is no rule, and no group of rules, {wanted[:80]!r}{self._nearest(wanted)}")

    def _nearest(self, wanted: str) -> str:
        """Return the hint for an unknown rule."""
        from reviewer.core.nearest import did_you_mean

        known = {*self.rules, *EXPERTS, *(rule.name for rule in self.rules.values())}
        return did_you_mean(wanted, known) or "; `reviewer rules` lists them all"

    def _openable(self, shown: str) -> str:
        """Return the path of a file as a person can open it."""
        return openable(shown, self.files)


def openable(shown: str, files: dict[str, File]) -> str:
    """Return the path of a user's own file; files of the product keep their name inside it."""
    file = files.get(shown)
    return file.path if file is not None and file.own else shown


def load_library(skills: Path, agents: Path, extra: tuple[Path, ...] = (), *, pages: bool = False) -> Library:
    """Load and check the library, with the user's own folders of skills in ``extra``.

    Without ``pages`` the rules come from the index, if it fits the files, and lack sections
    and examples; agents and skills lack their texts. Raises `LibraryError` with every
    mistake of every file.
    """
    roots = _roots(skills, agents, extra)
    files = _list(roots)
    by_name = {file.shown: file for file in files}
    key = listing_key(roots, files, __version__)
    index = _index_path(roots)
    contents = None if pages or index is None else read_index(index, key)
    if contents is None:
        known = None if pages or extra else read_shipped(files)
        contents = known or _read(files, by_name, roots)
        if index is not None:
            write_index(index, key, contents)
        if not pages:
            contents = _without_pages(contents)
    return Library(
        contents.rules,
        contents.agents,
        contents.skills,
        contents.questions,
        contents.digest,
        pages,
        by_name,
    )


def _roots(skills: Path, agents: Path, extra: tuple[Path, ...]) -> list[Root]:
    """Return the roots, each with a first part of its shown paths that no other has."""
    roots = [
        Root(str(agents.absolute()), "agents", own=False),
        Root(str(skills.absolute()), "skills", own=False),
    ]
    taken = {"agents", "skills"}
    for folder in extra:
        path = folder.absolute()
        name, count = path.name or "root", 1
        while name in taken:
            count += 1
            name = f"{path.name}({count})"
        taken.add(name)
        roots.append(Root(str(path), name, own=True))
    return roots


def _list(roots: list[Root]) -> list[File]:
    """List the files of all roots, and say which root can't be listed."""
    from reviewer.library.mistakes import LibraryError, Mistake

    found: list[File] = []
    wrong: list[Mistake] = []
    for root in roots:
        try:
            files = list_files([root])
        except OSError as error:
            wrong.append(Mistake(root.path, 0, f"this folder of the library can't be read: {error.strerror}"))
            continue
        except TooManyFilesError:
            wrong.append(Mistake(root.path, 0, "too many files for a folder of skills; name the folder itself"))
            continue
        if root.own and not any(_is_ours(file.shown) for file in files):
            text = "no skill in this folder; expected <skill>/SKILL.md or <skill>/rules/<ID>-<name>.md"
            wrong.append(Mistake(root.path, 0, text))
        found += files
    if wrong:
        raise LibraryError(wrong)
    return sorted(found)


def _is_ours(shown: str) -> bool:
    """Tell whether a file of a user's folder is one that the library reads."""
    return shown.endswith(("/SKILL.md", "/checklist.toml", "/profile.toml")) or (
        shown.endswith(".md") and "/rules/" in shown
    )


def _read(files: list[File], by_name: dict[str, File], roots: list[Root]) -> Contents:
    """Read everything; raises `LibraryError` with all mistakes."""
    from reviewer.library.mistakes import Mistakes
    from reviewer.library.reader import read_contents

    mistakes = Mistakes()
    contents = read_contents(files, mistakes)
    for expert in EXPERTS:
        if f"agents/{expert}.md" not in by_name:
            mistakes.add(roots[0].path, 0, f"the agent {expert}.md is missing")
    mistakes.raise_any(lambda shown: openable(shown, by_name))
    return contents


def _without_pages(contents: Contents) -> Contents:
    """Return the same contents as an index gives them, so that a first run equals every later one."""
    return Contents(
        contents.digest,
        {name: replace(rule, sections={}, examples=()) for name, rule in contents.rules.items()},
        {name: replace(agent, body="", body_line=1) for name, agent in contents.agents.items()},
        {name: replace(skill, body="", body_line=1) for name, skill in contents.skills.items()},
        contents.questions,
    )


def _index_path(roots: list[Root]) -> Path | None:
    """Return where the index of these roots is kept: one file for each set of roots and version."""
    folder = cache_folder()
    if folder is None:
        return None
    name = "\n".join([__version__, *(root.path for root in roots)]).encode("utf-8", "surrogateescape")
    return folder / f"library-{hashlib.sha256(name).hexdigest()[:24]}.json"
