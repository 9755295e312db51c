"""How choices and answers are spelled in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.design.interview import spelled

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Choice, Decided


def choice_words(choice: Choice) -> str:
    """Return what was chosen, and what it means: ``B2: own process …``."""
    options = choice.dimension.options
    if choice.dimension.takes == "number":
        return spelled(choice.value)
    if not choice.texts:
        return "nothing"
    return "; ".join(f"{option_words(text)}: {options[text]}" for text in choice.texts)


def short_words(choice: Choice) -> str:
    """Return what was chosen without what it means."""
    return ", ".join(option_words(text) for text in choice.texts) or "nothing"


def option_words(option: str) -> str:
    """Return an option as it stands in a sentence; in the design file it has underscores."""
    return option.replace("_", " ")


def reason_words(choice: Choice) -> str:
    """Return why: the person's reason for an override, the rule's for a recommendation."""
    if choice.overridden:
        return f"{choice.reason} (Recommended: {option_words(spelled(choice.recommended))}. {choice.why})"
    return f"{choice.why} {choice.reason}".rstrip()


def answer_words(decided: Decided, key: str) -> str:
    """Return an answer as a person would say it."""
    value = decided.answer(key)
    if isinstance(value, tuple):
        return ", ".join(option_words(one) for one in value) or "nothing"
    return option_words(spelled(value))
