"""Lines of a trail, known by what they hold: when, who, and what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, definition
from reviewer.code.syntax import Assign, Call, Class, Expr, Function, Literal, Member, Name, Object, Param, strip
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, inside, names_in
from reviewer.experts.paths import surroundings
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_NOW: Final = frozenset(
    {"Date.now", "performance.now", "time.time", "time.time_ns", "time.monotonic", "Date", "Temporal.Now.instant"}
)
_ZONED: Final = frozenset({"now", "utcnow"})
_CLOCKS: Final = frozenset({"clock", "now"})
"""Functions without arguments that a host is handed to tell the time."""
_BOOKS: Final = AUDITS | {"log", "trace", "record", "accesses"}
"""Words of what lines are written into for people to read."""
_NOT_WHO: Final = frozenset(
    "level severity message msg text name type kind event topic key status method path url code error err data "
    "payload body value title label category reason action state id request req response res file line channel".split()
)
"""Words of what a function is told first that say what happened, and never who did it."""
_LEAST: Final = 3
"""Members of a line: when, who and what."""


def stamped(module: Module, made: Object) -> list[str]:
    """Return the members of a line of a trail that say when and who; nothing where an object is no such line.

    Who may stand in what is asked for without being told: ``{ deed, at, ...here(), ...extra }``.
    """
    keys = [(str(key.value), strip(value)) for key, value in made.entries if isinstance(key, Literal)]
    if len(keys) + len(made.spreads) < _LEAST:
        return []
    when = [key for key, value in keys if _is_now(module, value)]
    who = [key for key, value in keys if key not in when and _is_known(module, key, value)]
    who = who or (_told_first(module, made, keys) if when else [])
    return [*who, *when] if when and (who or any(map(_is_of_here, made.spreads))) else []


def _told_first(module: Module, made: Object, keys: list[tuple[str, Expr]]) -> list[str]:
    """Return what a function that writes down a line is told first, of whom: ``enter(winch, deed, more)``."""
    function = function_of(made)
    told = [param.name for param in function.params if not param.rest] if function is not None else []
    own = [key for key, value in keys if isinstance(value, Name) and value.id == key in told]
    if function is None or len(own) < _LEAST - 1 or own[0] != told[0] or not _NOT_WHO.isdisjoint(words(told[0])):
        return []
    return own[:1] if surroundings(function) & _BOOKS or _is_written_out(function, made) else []


def _is_written_out(function: Function, made: Object) -> bool:
    """Tell whether a record, or the variable that keeps it, becomes text in the function that makes it."""
    kept = made.parent
    name = kept.target.id if isinstance(kept, Assign) and isinstance(kept.target, Name) else ""
    return any(
        inside(made, call) or (name != "" and name in names_in(call.args))
        for call in find(function.body, Call)
        if call.name in ("stringify", "dumps")
    )


def tells_when(module: Module, made: Object) -> bool:
    """Tell whether a record has the present moment in it."""
    return any(_is_now(module, strip(value)) for key, value in made.entries if isinstance(key, Literal))


def _is_now(module: Module, value: Expr) -> bool:
    """Tell whether a value is the present moment, in any form: ``new Date().toISOString()``, a clock's."""
    held = module.scopes.origin(value) if isinstance(value, Name) else None
    for call in find(held if isinstance(held, Expr) else value, Call):
        if not call.args and (module.resolve(call.callee) in _NOW or call.name in _CLOCKS):
            return True
        if call.name in _ZONED and "date" in module.text_of(call.callee).lower():
            return True
    return False


def _is_known(module: Module, key: str, value: Expr) -> bool:
    """Tell whether a member says for whom the function around was made, or is called after a plugin."""
    if isinstance(value, Literal | Object):
        return False
    base = value
    while isinstance(base, Member):
        base = strip(base.object)
    made = module.scopes.origin(base) if isinstance(base, Name) else None
    outer = made.parent if isinstance(made, Param) else None
    here = function_of(value)
    around = here.outer if here is not None else None
    while isinstance(outer, Function) and around is not None:
        if around is outer and not outer.name.startswith("__"):
            return True
        around = around.outer
    return bool(set(words(key)) & PLAIN_GUEST) or (isinstance(made, Param) and _is_bound_by_callers(module, made))


def _is_of_here(value: Expr) -> bool:
    """Tell whether a value is asked for without a word, so that it is what the host knows of the moment."""
    asked = strip(value)
    return isinstance(asked, Call) and not asked.args and not asked.keywords and not asked.new


def _is_bound_by_callers(module: Module, param: Param) -> bool:
    """Tell whether a caller passes what it was made with: ``seat(house) { say = (x) => tell(house, x) }``."""
    function = param.parent
    if not isinstance(function, Function) or not function.name or param.rest:
        return False
    position = function.params.index(param)
    for call in module.calls((function.name,)):
        given = call.arg(position, param.name)
        made = module.scopes.origin(given) if isinstance(given, Name) else None
        caller = function_of(call)
        maker = made.parent if isinstance(made, Param) else None
        if isinstance(maker, Function) and caller is not None and maker is not caller and maker is not function:
            return True
    return False


def spread_keys(module: Module, made: Object) -> list[str]:
    """Return the members of the host's own records that are spread into one: ``{ message, ...stamp }``."""
    found: list[str] = []
    for spread in made.spreads:
        own = module.scopes.origin(spread)
        found += own.keys if isinstance(own, Object) else members(module, own) if isinstance(own, Call) else []
    return found


def members(module: Module, made: Call) -> list[str]:
    """Return the fields of what a call makes a record of: ``asdict(stamp)``, ``dict(stamp)``."""
    of = made.args[0] if made.args else made.receiver
    cls = class_of_value(module, of) if of is not None else None
    own = module.scopes.origin(of) if of is not None else None
    return [field.name for field in cls.fields] if cls is not None else own.keys if isinstance(own, Object) else []


def members_made(module: Module, made: Call) -> list[str]:
    """Return the members of what a class of the subject makes: ``new Stamp(plugin)``."""
    cls = definition(module, made.callee)
    if not isinstance(cls, Class):
        return []
    begin = cls.method("constructor")
    kept = [param.name for param in begin.params if param.access] if begin is not None else []
    return [*(field.name for field in cls.fields if not field.static), *kept]
