"""What is only possible in a host beyond a small one: what no reading of published packages has borne out there.

Most of such a host has nothing to do with its plugins, and code that looks like a flaw of a plugin system may be
any other work. So it is with code of which nothing says whether it has to do with plugins at all. A plugin is never
doubted for its size: it is a stranger's, who could fill it up until less is said of it.
``skills/read.toml`` says of each rule how often it was right in packages that nobody had tuned it on.
"""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer import resources
from reviewer.code.text.languages import analysable, is_test
from reviewer.core.experts import RULE_PREFIXES
from reviewer.core.scale import Confidence
from reviewer.engine.rules import is_named
from reviewer.subject.model import NO_SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.core.finding import Finding
    from reviewer.core.rule import Rule
    from reviewer.core.settings import Settings
    from reviewer.subject.model import Subject

SMALL_HOST: Final = 20_000
"""Bytes of source up to which a host is small, and little beside what has to do with its plugins.

In published hosts of up to this size two in three of what general rules said were true, in those of twice its size one
in four of what no reading bore out.
"""
_LEAST_TRUE: Final = 2
"""True findings that a rule must have been read with: one alone may be luck."""
_LEAST_PART: Final = 0.8
"""The part of its findings that must have been true."""
_GENERAL: Final = "generic"


def doubted_beyond_small(
    findings: list[Finding], subject: Subject, rules: Iterable[Rule], settings: Settings
) -> list[Finding]:
    """Return the findings; beyond small hosts what general rules say of code is possible, unless they are borne out.

    Code of which nothing says what it is counts like a host. Rules that a person named say what they have to say.
    """
    if not (subject.kind == "host" or subject.recognised_by == NO_SIGNS) or _source_bytes(subject) <= SMALL_HOST:
        return findings
    doubted = frozenset(rule.id for rule in rules if _is_doubtful(rule) and not is_named(rule, settings))
    return [replace(one, confidence=Confidence.POSSIBLE) if _is_unsure(one, doubted) else one for one in findings]


def _is_doubtful(rule: Rule) -> bool:
    """Tell whether a rule of the library is a general one that no reading bears out."""
    ecosystems = rule.applies_to.ecosystems
    general = not ecosystems or _GENERAL in ecosystems
    return general and rule.id.rstrip("0123456789") in RULE_PREFIXES and rule.id not in borne_out()


def _source_bytes(subject: Subject) -> int:
    own = (path for path in subject.files if analysable(path) and not is_test(path))
    return sum(subject.root.entries[subject.base + path].size for path in own)


def _is_unsure(finding: Finding, doubted: frozenset[str]) -> bool:
    unsure = finding.confidence is Confidence.LIKELY and finding.rule in doubted
    return unsure and analysable(finding.location.path)


@cache
def borne_out() -> frozenset[str]:
    """Return the rules that were right often enough where they were read."""
    read = tomllib.loads((resources.skills() / "read.toml").read_text(encoding="utf-8"))["rules"]
    return frozenset(
        rule for rule, (true, false) in read.items() if true >= _LEAST_TRUE and true >= _LEAST_PART * (true + false)
    )
