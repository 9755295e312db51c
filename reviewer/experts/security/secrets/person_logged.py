"""SEC511: who a person is and how to reach them is written to a log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, lineage
from reviewer.code.syntax import Call, Expr, Index, Literal, Member, Name
from reviewer.code.text.ideas import MANIFESTS
from reviewer.code.text.words import words
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.reaching.sinks import shown
from reviewer.experts.security.secrets.told_whole import LOGGERS, fields_shown, log_calls, told
from reviewer.experts.terminal import is_of_a_command, is_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_REACHED: Final = word_set("email emails phone telephone surname birthday birthdate iban ssn passport")
"""Last words of what belongs to one person alone."""
_TOGETHER: Final = frozenset(
    {
        ("e", "mail"),
        ("mail", "address"),
        ("email", "address"),
        ("phone", "number"),
        ("first", "name"),
        ("last", "name"),
        ("given", "name"),
        ("family", "name"),
        ("birth", "date"),
        ("of", "birth"),
        ("home", "address"),
        ("postal", "address"),
    }
)
_FULL: Final = ("full", "name")
"""What a service, a file or a branch may have as well as a person."""
_PEOPLE: Final = word_set(
    "person people user member customer patient resident visitor student reader subscriber applicant donor tenant owner"
)
_OF_RECORD: Final = _REACHED | {"mail", "mobile", "born", "street"}
"""In a record that is typed a text, these are a person's, too."""
_CALLED: Final = word_set("name holder owner address contact")
"""What is a person's where the record has one of those."""
_PUBLISHED: Final = MANIFESTS | word_set("package project distribution release repository app product plugin company")
"""Words of a record of something that people publish."""
_VEILED: Final = word_set("masked mask hash hashed redacted hidden anonymous anonymised anonymized digest has is")


@module_check("SEC511", words=LOGGERS)
def person_logged(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at everything that is logged for names and addresses of people, alone or in a record."""
    if module.is_test:
        return
    printed = is_program(module) or is_of_a_command(inquiry, module)  # mostly told to the person who asked
    for call in log_calls(module):
        for value, whole in told(module, call):
            said = _person(module, value, whole)
            if said:
                yield Match(
                    call,
                    f"'{shown(module, value, 40)}' {said} in the log, where it is kept for long and read by many.",
                    confidence=Confidence.POSSIBLE if printed else None,
                )
                break


def _person(module: Module, value: Expr, whole: bool) -> str:
    """Say what a logged value tells of a person, or nothing."""
    said = _named(value)
    if set(said) & _VEILED:
        return ""
    if said and (said[-1] in _REACHED or said[-2:] in _TOGETHER):
        return "is a person's, and stands"
    if said and isinstance(value, Member) and said[-1] in _CALLED | _OF_RECORD and _is_of_person(module, value.object):
        return "is a person's, and stands"
    if isinstance(value, Member) and said[-2:] == _FULL and set(last_words(value.object)[-1:]) & _PEOPLE:
        return "is a person's, and stands"
    if whole:
        held = next((field.name for field in fields_shown(module, value) if is_persons(field.name, field.type)), "")
        return f"is written as a whole, so that '{held}' of a person stands" if held else ""
    return ""


def _is_of_person(module: Module, holder: Expr) -> bool:
    owner = class_of_value(module, holder) if isinstance(holder, Name | Member) else None
    if owner is not None and any(set(words(one.name)) & _PUBLISHED for one in lineage(owner)):
        return False  # its name is that of a thing, whose author can be reached
    return any(is_persons(field.name, field.type) for field in fields_shown(module, holder))


def is_persons(name: str, declared: str) -> bool:
    """Tell whether a field of a record holds what belongs to one person: ``email: str``."""
    said = words(name)
    texts = declared.split("|", 1)[0].strip().strip("'\"").lower() in ("str", "string", "optional[str]", "date", "")
    return bool(said) and texts and (said[-1] in _OF_RECORD or said[-2:] in _TOGETHER) and not set(said) & _VEILED


def _named(value: Expr) -> tuple[str, ...]:
    """Return the words of the name under which a value is known: ``email``, ``guest.phone``, ``args["phone"]``."""
    key: Expr | None = None
    if isinstance(value, Name | Member):
        return words(value.id if isinstance(value, Name) else value.name)
    if isinstance(value, Index):
        key = value.key
    elif isinstance(value, Call) and value.name in ("get", "pop"):
        key = value.arg(0)
    return words(key.value) if isinstance(key, Literal) and isinstance(key.value, str) else ()
