"""What a line of a log shows: single values, and records with all that they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.elements import literal_member
from reviewer.code.reach.links import class_of_value, declared_type, lineage, named_type
from reviewer.code.reach.made import values_of
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Field,
    Literal,
    Member,
    Name,
    Object,
    Spread,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import class_of
from reviewer.core.regex import regex
from reviewer.experts.paths import last_name, last_words, word_set
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

RECORDS: Final = frozenset("write record note add append emit entry push put register log store save".split())
"""Methods by which a trail is written."""
LEVELS: Final = frozenset("log debug info warn warning error trace critical exception fatal notice".split())
LOGGERS: Final = word_set("logger log logging logs console")
_TEXTS: Final = frozenset(
    "stringify dumps str repr String inspect format dict asdict vars model_dump structuredClone assign freeze deepcopy "
    "copy fromEntries entries strip trim".split()
)
"""Calls whose result shows all that they are given."""
_DESCRIBED: Final = frozenset({"dataclass", "define", "frozen", "attrs", "mutable"})
"""Decorators that write out the fields of a class of Python."""
_RECORDS: Final = frozenset({"NamedTuple", "TypedDict", "BaseModel", "BaseSettings", "Struct"})
_KEY: Final = regex(r"(\w+)\??\s*:")
_SPOKEN: Final = ("__repr__", "__str__", "toJSON", "toString")
"""Methods by which a class says itself what is shown of it."""


def log_calls(module: Module) -> Iterator[Call]:
    """Yield the calls that write a line to a log."""
    for call in module.calls(LEVELS):
        if call.receiver is not None and set(last_words(call.receiver)) & LOGGERS:
            yield call
        elif call.name == "log" and call.args and last_name(call.receiver) != "Math":
            yield call  # what a context or a module hands out for it


def trail_calls(module: Module) -> Iterator[Call]:
    """Yield the calls that write an entry of an audit trail, those by which a trail does so itself included."""
    for call in module.calls(RECORDS) if not module.words.isdisjoint(AUDITS) else ():
        held = call.receiver
        if held is None or not (call.args or call.keywords):
            continue
        own = class_of(call) if isinstance(one := strip(held), Name) and one.id == "this" else None
        if set(last_words(held)) & AUDITS or (own is not None and set(words(own.name)) & AUDITS):
            yield call


def told(module: Module, call: Call) -> Iterator[tuple[Expr, bool]]:
    """Yield the values of a line, each with whether all the members of a record would be seen."""
    in_texts = module.language == "python"  # elsewhere a record in a text is [object Object]
    pending: list[tuple[Expr, bool]] = [(argument, True) for argument in (*call.args, *call.keywords.values())]
    while pending:
        value, whole = pending.pop(0)
        value = strip(value)
        if isinstance(value, Template):
            pending += [(hole, in_texts) for hole in value.holes]
        elif isinstance(value, Binary) and value.op in ("+", "%"):
            pending += [(value.left, in_texts), (value.right, in_texts)]
        elif isinstance(value, Binary) and value.op in ("??", "or"):
            pending += [(value.left, whole), (value.right, whole)]
        elif isinstance(value, Conditional):
            pending += [(value.then, whole), (value.other, whole)]
        elif isinstance(value, Object):
            pending += [(part, True) for _key, part in value.entries]
        elif isinstance(value, Array):
            pending += [(part, True) for part in value.items]
        elif isinstance(value, Spread):
            pending.append((value.value, True))
        elif isinstance(value, Call) and value.name in _TEXTS:
            pending += [(part, True) for part in (*value.args, *([value.receiver] if not value.args else ())) if part]
        else:
            yield value, whole


class Shown(Struct, frozen=True):
    """A field that is seen of a record."""

    name: str
    type: str


def fields_shown(module: Module, value: Expr) -> Iterator[Shown]:
    """Yield what is seen of the record that a value is by its declared type, records inside it included."""
    written = declared_type(module, value) if isinstance(value, Name | Member) else ""
    if written.startswith("{"):
        yield from (Shown(name, literal_member(written, name)) for name in _KEY.findall(written))
        return
    owner = class_of_value(module, value) if isinstance(value, Name | Member | Call) else None
    if owner is None and isinstance(value, Name | Member):
        owner = named_type(module, declared_type(module, value))
    if owner is None:
        made = (class_of_value(where, one) for where, one in values_of(module, value))
        owner = next((one for one in made if one is not None), None)
    if owner is None:
        return
    for field in _fields(owner):
        yield Shown(field.name, field.type)
        inner = named_type(owner.module, field.type) if field.type else None
        inside = _fields(inner) if inner is not None and inner is not owner else ()
        yield from (Shown(one.name, one.type) for one in inside)


def _fields(owner: Class) -> Iterator[Field]:
    """Yield the fields that stand in the text of an instance."""
    if any(owner.method(name) is not None for name in _SPOKEN):
        return
    python = owner.module.language == "python"
    if python and not (
        {last_name(one) for one in owner.decorators} & _DESCRIBED
        or {last_name(base) for one in lineage(owner) for base in one.bases} & _RECORDS
    ):
        return
    for one in lineage(owner):
        yield from (field for field in one.fields if not field.name.startswith("#") and not _is_left_out(field))


def _is_left_out(field: Field) -> bool:
    """Tell whether a field says of itself that it isn't shown: ``field(repr=False)``, ``SecretStr``."""
    made = strip(field.value) if field.value is not None else None
    told_not = made.keywords.get("repr") if isinstance(made, Call) else None
    return "Secret" in field.type or (isinstance(told_not, Literal) and told_not.value is False)
