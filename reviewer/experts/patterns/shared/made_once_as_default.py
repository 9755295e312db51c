"""PAT008: a moment, an id or a secret as a default value is made once, when the file is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Class, Expr, Member, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MOMENTS: Final = frozenset({"time.time", "time.monotonic", "time.time_ns", "time.perf_counter"})
_OF_DATES: Final = frozenset({"now", "utcnow", "today"})
_SINGLE: Final = ("uuid.uuid1", "uuid.uuid4", "secrets.token_", "random.random", "random.randint", "os.urandom")
_RECORDS: Final = frozenset({"dataclass", "dataclasses", "define", "frozen", "attrs", "mutable"})
_BASES: Final = frozenset({"BaseModel", "BaseSettings", "Struct", "NamedTuple"})


@module_check("PAT008", words={"time", "datetime", "date", "uuid", "secrets", "random", "urandom"})
def made_once_as_default(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the defaults of parameters, and of the fields of records."""
    if module.is_test or module.language != "python":
        return
    for function in module.functions:
        for param in function.params:
            if param.default is not None and _is_single(module, param.default):
                yield _told(module, param.default, f"every call of '{function.name}' without '{param.name}'")
    for cls in module.classes:
        for field in cls.fields if _is_record(cls) else ():
            if field.value is not None and _is_single(module, field.value):
                yield _told(module, field.value, f"every '{cls.name}' without '{field.name}'")


def _told(module: Module, value: Expr, who: str) -> Match:
    return Match(
        value,
        f"'{short(module.text_of(value))}' runs once, when the file is read: {who} gets the value of that moment.",
        fix="Give None as the default and make the value inside, or use field(default_factory=…).",
    )


def _is_single(module: Module, value: Expr) -> bool:
    """Tell whether a value is meant to be another one each time that it is made."""
    call = strip(value)
    if isinstance(call, Member) and call.name == "hex":
        call = strip(call.object)
    if not isinstance(call, Call):
        return False
    name = module.resolve(call.callee)
    of_date = name.startswith(("datetime.", "date.")) and name.rpartition(".")[2] in _OF_DATES
    if name in ("str", "int") and len(call.args) == 1:
        return _is_single(module, call.args[0])
    return name in _MOMENTS or of_date or name.startswith(_SINGLE)


def _is_record(cls: Class) -> bool:
    marked = {last_name(one.callee if isinstance(one, Call) else one) for one in cls.decorators}
    return not marked.isdisjoint(_RECORDS) or not {last_name(base) for base in cls.bases}.isdisjoint(_BASES)
