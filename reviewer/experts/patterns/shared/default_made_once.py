"""PAT012: a default of Python is worked out once, when the class or the function is read, and stays the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Function
from reviewer.code.walk import find
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Expr
    from reviewer.experts.check import Inquiry

_ANEW: Final = frozenset(
    "datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today datetime.date.today time.time time.time_ns "
    "time.monotonic time.perf_counter uuid.uuid4 uuid.uuid1 os.urandom secrets.token_hex secrets.token_urlsafe "
    "secrets.token_bytes random.random random.randint random.getrandbits".split()
)
"""Functions that are asked because they answer something else each time."""
_RECORDS: Final = frozenset({"dataclass", "define", "frozen", "mutable", "attrs", "attributes"})
_BASES: Final = frozenset({"BaseModel", "NamedTuple", "Struct"})


@module_check(
    "PAT012",
    words={"uuid", "uuid4", "uuid1", "now", "utcnow", "today", "time", "monotonic", "token", "urandom", "random"},
)
def default_made_once(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the defaults of records and of parameters for the time, or a number drawn by lot."""
    if module.is_test or module.language != "python":
        return
    for cls in module.classes:
        for field in cls.fields if _is_record(cls) else ():
            made = _made_anew(module, field.value)
            if made is not None:
                yield _match(module, field.value or made, made, f"each '{cls.name}'", "field(default_factory=…)")
    for function in module.functions:
        for param in function.params:
            made = _made_anew(module, param.default)
            if made is not None:
                yield _match(module, param.default or made, made, f"each call of '{function.name}'", "None")


def _match(module: Module, at: Expr, made: Call, what: str, instead: str) -> Match:
    return Match(
        at,
        f"'{short(module.text_of(made))}' runs once, when this line is read: {what} that is told nothing else gets the "
        "same one.",
        fix=f"Use {instead}, and ask for it where it is needed.",
        severity=Severity.HIGH,
    )


def _is_record(cls: Class) -> bool:
    marks = {last_name(one.callee if isinstance(one, Call) else one) for one in cls.decorators}
    return bool(marks & _RECORDS or {last_name(base) for base in cls.bases} & _BASES)


def _made_anew(module: Module, value: Expr | None) -> Call | None:
    """Return the call by which a value is worked out that should be another one each time."""
    if value is None or isinstance(value, Function):
        return None
    calls = find(value, Call, into_functions=False)
    return next((call for call in calls if module.resolve(call.callee) in _ANEW), None)
