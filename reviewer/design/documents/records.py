"""Decision records in the form of MADR 4: one for each choice that shapes the system, and for every override."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from reviewer.blueprint.decide import decide
from reviewer.design.documents.tracing import Refs, Said, facts_behind, source, sources_of
from reviewer.design.documents.words import choice_words, fact_words, option_words, reason_words, short_words
from reviewer.design.setting import with_values

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Choice, Decided

_RECORDED: Final = (
    "boundary", "sandbox", "capabilities", "wasm", "permission_claim", "registry", "registry_location", "signing",
    "loading", "load_order", "cache", "versioning", "reload_mechanism", "tenancy_model", "monitoring", "maturity",
)  # fmt: skip
"""The decisions with a record of their own, in the order of their numbers; others have one when overruled."""
_FIRST_FREE: Final = 100


class Record(Struct, frozen=True):
    """A decision record: its number, its file, and what its template prints."""

    number: int
    key: str
    title: str
    path: str
    values: dict[str, Any]

    @property
    def id(self) -> str:
        """The id by which documents name it."""
        return f"ADR-{self.number:04}"


def records(decided: Decided) -> tuple[Record, ...]:
    """Return the records of a design, by number; a number belongs to its decision for ever."""
    keys = list(decided.choices)
    numbered = {key: number for number, key in enumerate(_RECORDED, 1)}
    numbered |= {
        key: _FIRST_FREE + keys.index(key)
        for key, choice in decided.choices.items()
        if choice.reason and key not in numbered
    }
    return tuple(_record(decided, key, number) for key, number in sorted(numbered.items(), key=lambda one: one[1]))


def _record(decided: Decided, key: str, number: int) -> Record:
    choice = decided.choices[key]
    title = f"{choice.dimension.title}: {short_words(choice)}"
    behind = sources_of(choice, decided)
    values = {
        "id": f"ADR-{number:04}",
        "title": title,
        "status": "rejected" if any(one.rule.dimension == key for one in decided.contradictions) else "accepted",
        "question": choice.dimension.question,
        "expert": choice.dimension.expert,
        "context": Said(_context(choice), behind),
        "drivers": _drivers(decided, choice),
        "options": _options(choice, behind),
        "outcome": Said(f"Chosen: {choice_words(choice)}. {reason_words(choice)}", behind),
        "consequences": _consequences(choice, behind),
        "confirmation": Said(
            "reviewer review --design plugin-design.yaml holds code against this decision, and the test plan names "
            "the test that shows it.", [source("DEC", key)]),
        "pros": _pros(decided, choice),
        "refs": Refs((source("DEC", key), *behind)),
    }  # fmt: skip
    path = f"decisions/{number:04}-{key.replace('_', '-')}.md"
    return Record(number, key, title, path, values)


def _options(choice: Choice, behind: tuple[str, ...]) -> list[str | Said]:
    """Return what could have been decided."""
    options: list[str | Said] = [f"{option_words(option)}: {text}" for option, text in choice.dimension.options.items()]
    return options or [Said(f"{choice_words(choice)}, or another number", behind)]


def _context(choice: Choice) -> str:
    if choice.overridden:
        return f"{choice.dimension.question} People have decided it against the recommendation."
    depends = "It depends on what follows." if choice.inputs else "It is the same for every design."
    return f"{choice.dimension.question} {depends}"


def _drivers(decided: Decided, choice: Choice) -> list[Said]:
    """Return what the choice depends on, one fact a line."""
    if choice.overridden:
        return [Said(choice.reason, [source("OVERRIDE", choice.dimension.key)])]
    found = [
        Said(fact_words(decided, name), behind) for name in choice.inputs if (behind := facts_behind([name], decided))
    ]
    return found or [Said(choice.why, [source("RULE", choice.rule)])]


def _consequences(choice: Choice, behind: tuple[str, ...]) -> list[Said]:
    options = choice.dimension.options
    lines = [f"{option_words(one)}: {options[one]}." for one in choice.texts if one in options]
    return [Said(line, behind) for line in lines] or [Said(f"What holds is: {choice_words(choice)}.", behind)]


def _pros(decided: Decided, choice: Choice) -> list[dict[str, Any]]:
    """Return for every option what speaks for it, and which rules would refuse or warn of it here."""
    if choice.dimension.takes != "one":
        return []
    known = {(one.rule.id, one.about) for one in decided.verdicts}
    found = []
    for option, meaning in choice.dimension.options.items():
        changed = decide(with_values(decided.design, {choice.dimension.key: option}))
        new = [one for one in changed.verdicts if (one.rule.id, one.about) not in known]
        against = [
            Said(f"{'refused' if one.level == 'reject' else 'risky'}: {one.rule.why}", [source("RULE", one.rule.id)])
            for one in new
        ]
        found.append(
            {
                "option": option_words(option),
                "meaning": meaning,
                "chosen": option in choice.texts,
                "against": against,
                "refs": Refs([source("DEC", choice.dimension.key)]),
            }
        )
    return found
