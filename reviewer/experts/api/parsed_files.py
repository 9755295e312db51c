"""Whether a value is what a host has parsed of a file that every plugin brings along, whatever it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import call_sites
from reviewer.code.reach.made import values_of
from reviewer.code.reach.remembered import remembered
from reviewer.code.syntax import Call, Function, Literal, Member, Name, Param, Spread
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.api.plugin_files import plugin_files
from reviewer.experts.api.vocabulary import VALIDATION

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

READERS: Final = frozenset(
    {"JSON.parse", "json.loads", "json.load", "yaml.safe_load", "yaml.load", "tomllib.load", "tomllib.loads"}
)
"""Calls that parse a text or a file of data."""
_CHECKED: Final = frozenset({"data", "output", "value", "parsed"})
"""Members of the answer of a check that hold what was checked."""
_DEEPEST: Final = 2


@remembered
def is_parsed_plugin_file(module: Module, value: Expr) -> bool:
    """Tell whether a value is parsed of a plugin's own data file, here or by whoever hands it over."""
    return _is_parsed(module, value, _DEEPEST, set())


def _is_parsed(module: Module, value: Expr, depth: int, seen: set[int]) -> bool:
    if id(value) in seen:
        return False  # ``text = trim(text)``
    seen.add(id(value))
    for at, made in values_of(module, value):
        if isinstance(made, Member) and made.name in _CHECKED:
            asked = (one for where, answer in values_of(at, made.object) for one in _given(where, answer))
            return any(_is_parsed(where, one, depth, seen) for where, one in asked)
        if isinstance(made, Call) and at.resolve(made.callee) in READERS:
            return _names_plugin_file(at, made)
        if (
            isinstance(made, Call)
            and not _only_tells(made)
            and any(_is_parsed(*one, depth, seen) for one in _given(at, made))
        ):
            return True  # Manifest.model_validate(yaml.safe_load(stream)), Manifest(**parsed)
        if isinstance(made, Name) and depth:
            bound = at.scopes.lookup(made.id, made)
            given = bound[0] if len(bound) == 1 else None
            if isinstance(given, Param) and given.name == made.id:
                return _is_handed_over(at, given, depth - 1, seen)
    return False


def _only_tells(call: Call) -> bool:
    """Tell whether a call answers whether something fits, with what it was given beside that: ``safeParse``."""
    said = words(call.name)
    return said[:1] in (("safe",), ("try",), ("is",)) or ("validate" in said and len(said) == 1)


def _given(module: Module, call: Expr) -> list[tuple[Module, Expr]]:
    """Return what a call that checks or wraps something is given: one value, the members of one, or beside a schema."""
    if not isinstance(call, Call):
        return []
    given = [one.value if isinstance(one, Spread) else one for one in call.args]
    checks = not VALIDATION.isdisjoint(words(call.name)) or call.name[:1].isupper()
    return [(module, one) for one in given] if len(given) <= 1 + checks and not call.keywords else []


def _names_plugin_file(module: Module, call: Call) -> bool:
    """Tell whether the function that parses something names the file that every plugin of the subject has."""
    function = function_of(call)
    names = plugin_files(module.project) if module.project is not None else frozenset()
    said = (one.value for one in find(function.body, Literal)) if function is not None else ()
    texts = (text.rsplit("/", 1)[-1].partition(".")[0] for text in said if isinstance(text, str) and "." in text)
    return any(text in names for text in texts)


def _is_handed_over(module: Module, param: Param, depth: int, seen: set[int]) -> bool:
    """Tell whether everybody who calls a function hands such a value over."""
    function = param.parent
    sites = call_sites(module, function) if isinstance(function, Function) and function.name else None
    if sites is None or not isinstance(function, Function):
        return False
    position = function.params.index(param)
    given = [(at, call.arg(position, param.name)) for at, call in sites]
    return bool(given) and all(one is not None and _is_parsed(at, one, depth, seen) for at, one in given)
