"""How choices and answers are spelled in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.blueprint.reading_rules import shipped_rulebook
from reviewer.design.interview import spelled

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Choice, Decided

_DERIVED: Final = {
    "trust": "The level of trust that follows from authors, reviews and data",
    "trust_alone": "The level of trust without dependencies",
    "dependency_trust": "The level of trust of dependencies",
    "traffic_mb_s": "Megabytes that all calls carry in a second",
    "language_count": "Languages of plugins",
    "foreign_language": "A language that the host does not speak",
    "wasm_language": "Every language runs in an engine of its own",
    "has_event": "There are events",
    "has_command": "There are commands",
    "has_chain": "There are chains",
    "has_veto": "Somebody may refuse",
    "has_pure": "There are commands without side effect",
}
"""What derived facts are called in sentences."""


def choice_words(choice: Choice) -> str:
    """Return what was chosen, and what it means: ``B2: own process …``."""
    options = choice.dimension.options
    if choice.dimension.takes == "number" or not choice.texts:
        return short_words(choice)
    return "; ".join(f"{option_words(text)}: {options[text]}" for text in choice.texts)


def short_words(choice: Choice) -> str:
    """Return what was chosen without what it means."""
    if choice.dimension.takes == "number":
        return f"{choice.value} {choice.dimension.unit}".rstrip()
    return ", ".join(option_words(text) for text in choice.texts) or "nothing"


def option_words(option: str) -> str:
    """Return an option as it stands in a sentence; in the design file it has underscores."""
    return option.replace("_", " ")


def reason_words(choice: Choice) -> str:
    """Return why: the person's reason for an override, the rule's for a recommendation."""
    if choice.overridden:
        return f"{choice.reason} (Recommended: {option_words(spelled(choice.recommended))}. {choice.why})"
    return f"{choice.why} {choice.reason}".rstrip()


def fact_words(decided: Decided, name: str) -> str:
    """Return a fact that a choice depends on, with what it is here."""
    if name in decided.answers:
        return f"{shipped_rulebook().questions[name].question} {answer_words(decided, name)}"
    if name in decided.choices:
        return f"{decided.choices[name].dimension.title}: {short_words(decided.choices[name])}"
    value = decided.facts[name]
    return f"{_DERIVED[name]}: {('yes' if value else 'no') if isinstance(value, bool) else value}"


def answer_words(decided: Decided, key: str) -> str:
    """Return an answer as a person would say it."""
    value = decided.answer(key)
    if isinstance(value, tuple):
        return ", ".join(option_words(one) for one in value) or "nothing"
    return option_words(spelled(value))
