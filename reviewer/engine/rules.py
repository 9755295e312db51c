"""Which rules speak in a review, and which the engine itself raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer import resources
from reviewer.core.errors import UsageError
from reviewer.core.rule import Rule
from reviewer.core.scale import Severity, Strictness
from reviewer.subject.ecosystem import known_profiles

if TYPE_CHECKING:
    from reviewer.core.review import RouteStep
    from reviewer.core.settings import Settings
    from reviewer.library.library import Library

ENGINE_RULES: Final = frozenset(
    {
        "FUN080",  # manifest-unparsable
        "FUN081",  # repeated-manifest-key
        "FUN082",  # source-unparsed
        "FUN083",  # source-not-utf8
        "FUN090",  # unused-suppression
        "FUN091",  # malformed-suppression
        "FUN092",  # expired-suppression
        "FUN093",  # signed-claim-contradicted
        "SEC080",  # archive-entry-climbs-out
        "SEC081",  # hidden-bidi-characters
        "SEC082",  # archive-bomb-or-disguised-entry
    }
)
"""Rules without a check and without a match: what they are about only the engine sees."""

PAGES_CANNOT_SHOW: Final = frozenset({"FUN083", "FUN093", "SEC080", "SEC082"})
"""Engine rules whose flaw is no text, or lies in a file beside the subject: their examples describe it."""


class ActiveRules(Struct, frozen=True):
    """The rules of one review."""

    speaking: dict[str, Rule]
    """Those that run, by id."""
    unfit: frozenset[str]
    """Those that could never speak here, by kind, ecosystem or trust, whatever was selected."""
    severities: dict[str, Severity]
    """Severities that the configuration overrules, by rule id."""


def active_rules(
    library: Library, settings: Settings, route: tuple[RouteStep, ...], kind: str, ecosystem: str
) -> ActiveRules:
    """Choose the rules for a subject; raises `UsageError` where settings name a rule that isn't there."""
    selected = library.select(settings.select, settings.ignore)
    experts = {step.expert for step in route}
    senseless = not_here(settings, ecosystem)
    unfit = frozenset(
        rule.id
        for rule in library.rules.values()
        if rule.id in senseless or not _fits(rule, settings.trust, kind, ecosystem)
    )
    speaking = {
        rule.id: rule
        for rule in selected
        if rule.expert in experts and rule.id not in unfit and _wanted(rule, settings)
    }
    severities = {rule.id: level for selector, level in settings.severities for rule in library.select((selector,))}
    for entry in settings.path_ignores:
        try:
            library.select(entry.rules)
        except UsageError as error:
            raise UsageError(f"{entry.path}:{entry.line}: per-path-ignores: {error}") from error
    return ActiveRules(speaking, unfit, severities)


def not_here(settings: Settings, ecosystem: str) -> frozenset[str]:
    """Return the rules that make no sense in an ecosystem, by ``[[not-here]]`` of its profile."""
    profiles = known_profiles(resources.skills() / "ecosystems", settings.skills)
    said = next((profile.extra.get("not-here", ()) for profile in profiles if profile.name == ecosystem), ())
    return frozenset(rule for row in said for rule in row.get("rules", ()))


def _fits(rule: Rule, trust: int, kind: str, ecosystem: str) -> bool:
    where = rule.applies_to
    if where.kinds and kind not in where.kinds:
        return False
    if where.ecosystems and ecosystem not in where.ecosystems:
        return False
    # Where nobody said how far plugins are trusted, rules for any degree of trust speak.
    return not (where.trust and trust and trust not in where.trust)


def is_named(rule: Rule, settings: Settings) -> bool:
    """Tell whether a person asked for a rule by its id or its name."""
    return any(selector.upper() == rule.id or selector == rule.name for selector in settings.select)


def _wanted(rule: Rule, settings: Settings) -> bool:
    """Tell whether a rule runs by its status and by how much a person wants to hear."""
    named = is_named(rule, settings)
    if rule.status == "deprecated":
        return named
    if rule.status == "preview":
        return named or settings.strictness is Strictness.AUDITOR
    if rule.style and settings.strictness is Strictness.REGULAR:
        return named
    return True
