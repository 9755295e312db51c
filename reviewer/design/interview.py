"""The interview: which question comes next, and what an answer does to the design."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.blueprint.decide import answers_of
from reviewer.blueprint.deriving import derive, facts_of
from reviewer.blueprint.model import UNNAMED, Design
from reviewer.blueprint.reading_rules import shipped_rulebook
from reviewer.blueprint.targets import targets
from reviewer.core.errors import UsageError
from reviewer.core.regex import regex
from reviewer.design.setting import with_settings

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from reviewer.blueprint.rulebook import Value

NAME: Final = "host.name"
"""The key of the first question, which names the host."""
PLUGIN: Final = "plugin.name"
"""The key of the question that names the plugin for a host that is there already."""
SUMMARY: Final = "summary"
"""The key of the question what that plugin is for."""
_OTHER: Final = regex(r"[^a-z0-9]+")


class Asked(Struct, frozen=True):
    """A question as a face shows it."""

    key: str
    expert: str
    question: str
    why: str
    options: Mapping[str, str]
    default: str
    """The answer that an empty line stands for."""
    unit: str
    several: bool
    number: int
    total: int


def new_design() -> Design:
    """Return the design of a host that nobody has named or described yet."""
    return Design(host=UNNAMED)


def next_question(design: Design, passed: Collection[str] = ()) -> Asked | None:
    """Return the first question that is neither answered nor passed nor without meaning here."""
    asked = list(questions(design))
    for number, one in enumerate(asked, 1):
        if _is_open(design, one.key) and one.key not in passed:
            return Asked(
                one.key, one.expert, one.question, one.why, one.options, one.default, one.unit, one.several,
                number, len(asked),
            )  # fmt: skip
    return None


def _is_open(design: Design, key: str) -> bool:
    """Tell whether nobody has answered a question yet."""
    if key == NAME:
        return design.host == UNNAMED
    if key == PLUGIN:
        return design.plugin is None
    return getattr(design if key == SUMMARY else design.inputs, key) is None


def questions(design: Design) -> list[Asked]:
    """Return every question that this design is asked; later ones depend on the answers so far."""
    book = shipped_rulebook()
    answers = answers_of(design, book)
    facts = facts_of(answers, derive(answers))
    there = ", ".join(str(data["host"]["name"]) for data in targets().values())
    found = [
        _first(
            NAME, "What is the host called?",
            "Its name and identity stand in everything that is made. Name one that is there already, and a plugin for "
            f"it is made: {there}.",
            design.host.name,
        )
    ]  # fmt: skip
    if design.target:
        example = f"Shows how a plugin for {design.host.name} is built"
        found.append(_first(PLUGIN, "What is the plugin called?", "People look for it by this name.", "Hello"))
        found.append(
            _first(SUMMARY, "What is the plugin for, in a sentence?", "Its page and its table say so.", example)
        )
        return found
    for question in book.questions.values():
        if question.when is not None and not question.when.holds(facts):
            continue
        found.append(
            Asked(
                question.key, question.expert, question.question, question.why, question.options,
                spelled(question.default), question.unit, isinstance(question.default, tuple), 0, 0,
            )
        )  # fmt: skip
    return found


def _first(key: str, question: str, why: str, default: str) -> Asked:
    """Return a question that is not of the rule book: it asks for a text."""
    return Asked(key, "fundamentals", question, why, {}, default, "", several=False, number=1, total=0)


def answered(design: Design, asked: Asked, text: str) -> Design:
    """Return the design with an answer in it, the default for an empty text; raises `UsageError`.

    A number stands for the option at that place of the list.
    """
    given = text.strip() or asked.default
    if asked.key == NAME:
        target = _target(given)
        return with_settings(design, [f"target={target}"]) if target else _named(design, given)
    if asked.key == PLUGIN:
        return with_settings(design, [f"plugin.name={given}", f"plugin.id=com.example.{_slug(given)}"])
    if asked.key == SUMMARY:
        return with_settings(design, [f"summary={given}"])
    if asked.options:
        names = list(asked.options)
        picked = [one.strip() for one in given.split(",") if one.strip()]
        given = ",".join(
            names[int(one) - 1] if one.isdecimal() and 0 < int(one[:4]) <= len(names) else one for one in picked
        )
    return with_settings(design, [f"{asked.key}={given or '-'}"])


def _named(design: Design, name: str) -> Design:
    """Return the design with a name, and an identity made of it where nobody has given one."""
    settings = [f"host.name={name}"]
    slug = _slug(name)
    if design.host.id == UNNAMED.id:
        settings.append(f"host.id=com.example.{slug}")
    return with_settings(design, settings)


def _slug(name: str) -> str:
    """Return the last part of an identity for a name; raises `UsageError`."""
    slug = _OTHER.sub("-", name.lower()).strip("-")
    if not slug or not slug[0].isalpha():
        raise UsageError(f"the name is {name[:80]!r}; expected one that begins with a letter, for example Tide tables")
    return slug[:80].strip("-")


def _target(name: str) -> str:
    """Return the target that a person means by its own name or by that of its host, or an empty text."""
    meant = name.casefold()
    found = (key for key, data in targets().items() if meant in (key.casefold(), str(data["host"]["name"]).casefold()))
    return next(found, "")


def spelled(value: Value) -> str:
    """Spell a value as a person would type it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(value) or "-"
    return str(value)
