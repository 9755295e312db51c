"""FUN018: a person is asked for something that no service of the host stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Function, Literal, Name, Object, strip
from reviewer.code.walk import calls_in, function_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.fundamentals.permission_without_service import is_spoken, spoken_in
from reviewer.experts.place import locate
from reviewer.experts.security.decisions import is_check
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FEWEST: Final = 3
_SHARED: Final = 2
"""Keys that sentences and services have in common, where both are about the same permissions."""


@subject_check("FUN018")
def sentence_without_service(inquiry: Inquiry) -> Iterator[Match]:
    """Hold tables that put permissions into sentences against tables of services that are handed out by them."""
    if inquiry.subject.kind != "host":
        return
    modules = [one for one in inquiry.project.modules(tests=False) if not is_tooling(one.path)]
    sentences = [(module, *found) for module in modules for found in _sentences(module)]
    services = [keys for module in modules for keys in _services(module)] if sentences else []
    for module, assign, table in sentences:
        said = set(table.keys)
        known = next((keys for keys in services if len(keys & said) >= _SHARED and keys < said), None)
        if known is None:
            continue
        values = frozenset(id(node) for pair in table.entries for node in pair)
        spoken = {word for other in modules for word in spoken_in(other, values)}
        idle = [name for name in table.keys if name not in known and not is_spoken(name, spoken)]
        if idle and len(idle) <= len(known):
            shown = " and ".join(f"'{name}'" for name in idle[:3])
            yield Match(
                locate(module, assign),
                f"People are asked for {shown}, for which no service of the host stands: they agree to what does not "
                "exist.",
            )


def _sentences(module: Module) -> Iterator[tuple[Assign, Object]]:
    """Yield the tables at the top of a file that put each of some names into words."""
    for assign in module.all(Assign):
        made = strip(assign.value) if assign.value is not None else None
        if not isinstance(made, Object) or function_of(assign) is not None or not isinstance(assign.target, Name):
            continue
        texts = [strip(value) for _key, value in made.entries]
        if len(texts) >= _FEWEST and all(
            isinstance(one, Literal) and isinstance(one.value, str) and " " in one.value.strip() for one in texts
        ):
            yield assign, made


def _services(module: Module) -> Iterator[set[str]]:
    """Yield the names of the services of each table of functions, in a function that asks who may use them."""
    for made in module.all(Object):
        around = function_of(made)
        functions = [key for key, value in made.entries if isinstance(strip(value), Function)]
        if around is None or len(functions) < _SHARED or len(functions) != len(made.entries):
            continue
        if any(is_check(module, call) for call in calls_in(around.body)):
            yield set(made.keys)
