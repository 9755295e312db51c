"""Names that come first wherever ids are put together: that for which all else is kept, whatever it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Call, Expr, Index, Literal, Member, Name, Template, strip
from reviewer.code.walk import function_of
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.patterns.vocabulary import ARGUMENTS, PLUGINS, SERVICES, VERSIONS, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_TIMES: Final = 2
"""Places in which a name has to come first."""
_LONGEST: Final = 3
"""Signs that may part two ids."""
_MOST: Final = 400
"""Texts of one file that are looked at."""
NOT_WHOM: Final = (
    PLUGINS
    | VERSIONS
    | SERVICES
    | ARGUMENTS
    | word_set(
        "id name key prefix base root path dir folder file url host origin method verb command event topic kind type i "
        "index scope namespace message error code label title text value this self first left x a table column hour "
        "hours minutes year r red major channel channels request req response res reply out output platform collection "
        "graph chunk bundle program compilation goal object objects trx tx transaction dispatch spec specs "
        "specification definition def blueprint entry record test tests suite scenario benchmark basename filename "
        "dirname pathname utils util at under where pointer location"
    )
)
"""Words of names that come first for another reason."""


def leading(module: Module) -> frozenset[str]:
    """Return the names by which a file parts what it keeps before it parts it by anything else.

    ``f"{line}/{widget}"`` and ``kept[line, widget, version]`` say that what belongs to one line is kept from another's.
    """
    return module.once("patterns.leading", lambda: _leading(module))


def _leading(module: Module) -> frozenset[str]:
    first: dict[str, set[int]] = {}
    behind: set[str] = set()
    for number, names in enumerate(_composites(module)):
        if number > _MOST:
            break
        first.setdefault(names[0], set()).add(number)
        behind.update(names[1:])
    return frozenset(
        name
        for name, places in first.items()
        if name not in behind
        and len(places) + _parameters(module, name) >= _TIMES
        and NOT_WHOM.isdisjoint(spelled(name))
    )


def composed(module: Module, first: str, second: str) -> int:
    """Return in how many functions ids are made of two names: ``f"{line}/{widget}"``, ``kept[line, widget]``."""
    found: set[int] = set()
    for number, node in enumerate(module.some(Template, Array)):
        function = function_of(node)
        if number > _MOST or function is None or not isinstance(node, Template | Array):
            continue
        names = [last_name(strip(part)) for part in (node.holes if isinstance(node, Template) else node.items)]
        if first in names and second in names:
            found.add(id(function))
    return len(found)


def _parameters(module: Module, name: str) -> int:
    """Return how many functions take a name before another one, and never behind."""
    taken = 0
    for function in module.functions:
        names = [param.name for param in function.params if param.name not in ("this", "self", "cls")]
        if name in names[1:] and function.name not in ("constructor", "__init__"):
            return 0
        taken += len(names) > 1 and names[0] == name
    return taken


def _composites(module: Module) -> Iterator[list[str]]:
    """Yield the names of ids that are put together to one key, in their order."""
    for node in module.some(Template, Array):
        if isinstance(node, Template):
            parts = _of_text(node)
        elif isinstance(node, Array) and _is_key(node):
            parts = list(node.items)
        else:
            continue
        names = [_name(part) for part in parts]
        if len(names) > 1 and all(names) and function_of(node) is not None:
            yield names


def _of_text(text: Template) -> list[Expr]:
    """Return the parts of a text that has nothing but ids and short signs; none for a sentence."""
    for item in text.items:
        if isinstance(item, Literal) and (len(str(item.value)) > _LONGEST or " " in str(item.value)):
            return []
    return list(text.holes)


def _is_key(listed: Array) -> bool:
    """Tell whether a list or tuple is a key: of a table, or made a text by ``JSON.stringify``."""
    around: Node | None = listed.parent
    if isinstance(around, Index):
        return around.key is listed
    return isinstance(around, Call) and around.name in ("stringify", "get", "has", "set", "pop", "delete", "setdefault")


def _name(part: Expr) -> str:
    part = strip(part)
    return last_name(part) if isinstance(part, Name | Member) else ""
