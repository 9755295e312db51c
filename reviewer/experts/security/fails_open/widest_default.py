"""SEC002: whoever has no role of its own gets the one with the widest rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assign, Binary, Call, Expr, If, Literal, Name, Object, Throw, strip
from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, word_set
from reviewer.experts.security.deciding.asked_to_refuse import is_refusal
from reviewer.experts.security.deciding.decisions import readers
from reviewer.experts.security.deciding.everything import is_every_key, is_everything
from reviewer.experts.security.deciding.ranks import is_highest
from reviewer.experts.security.fails_open.looked_into import is_looked_into

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node
    from reviewer.experts.check import Inquiry

_ABOUT: Final = word_set(
    "role roles level levels rank ranks tier tiers grant grants right rights trust profile profiles"
)
"""Words of a table that says for each role what it may do, or how high it stands."""
_RIGHTS: Final = (RIGHTS - {"ability", "abilities"}) | word_set("approved granted entitled allowed permitted")
_LOGS: Final = frozenset("log loglevel logging verbosity severity debug compression zoom".split())
"""Words of levels that give nobody a right."""
_FEWEST: Final = 2
_COMPARES: Final = frozenset({"<", "<=", ">", ">="})


@module_check("SEC002", words=_ABOUT | {"values", "keys", "flat", "union", "enum"})
def widest_default(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each text that stands in for a missing role, and is a key of a table of roles."""
    if module.is_test:
        return
    yield from _all_of_them(module)
    yield from _highest(module)
    tables = {name: made for name, made in _tables(module) if set(words(name)) & _ABOUT}
    for node in module.some(Binary, Call) if tables else ():
        missing, default = _stands_in(node)
        if missing is not None and set(last_words(missing)) & _LOGS:
            continue
        role = strip(default) if default is not None else None
        if missing is None or not isinstance(role, Literal) or not isinstance(role.value, str):
            continue
        for name, ranks in tables.items():
            if _is_widest(ranks, role.value) and _about(node, missing, name):
                yield Match(
                    node,
                    f"Whoever has no entry gets '{role.value}', which has the widest rights of '{name}': "
                    f"'{short(module.text_of(node))}'.",
                )
                break


def _all_of_them(module: Module) -> Iterator[Match]:
    """Find defaults, in what decides, that are all rights of a table or an enumeration together."""
    deciding: list[Function] | None = None
    for node in module.some(Binary, Call):
        missing, default = _stands_in(node)
        if missing is None or not (is_everything(module, default) or is_every_key(default)):
            continue
        deciding = list(readers(module)) if deciding is None else deciding
        function = function_of(node)
        if any(function is one for one in deciding) or (function is not None and _gives_rights(function)):
            yield Match(
                node,
                f"Whoever has no entry gets all rights together: '{short(module.text_of(node))}'.",
            )


def _gives_rights(function: Function) -> bool:
    """Tell whether a function answers with what somebody may do: by its name, its type, or who looks into it."""
    said = {*words(function.name), *words(function.returns)}
    return bool(said & _RIGHTS) or is_looked_into(function)


def _highest(module: Module) -> Iterator[Match]:
    """Find defaults that are the highest member of an enumeration of ranks, of which somebody needs one."""
    for node in module.some(Binary, Call):
        missing, default = _stands_in(node)
        if missing is None or default is None or not is_highest(module, default):
            continue
        if not path_words(default) & _LOGS and _is_needed(module, node):
            yield Match(
                node,
                f"Whoever has no entry gets '{short(module.text_of(default))}', which stands above all others: "
                f"'{short(module.text_of(node))}'.",
            )


def _is_needed(module: Module, rank: Node) -> bool:
    """Tell whether somebody is refused whose rank, as it was looked up, is too low."""
    function = function_of(rank)
    target = rank.parent.target if isinstance(rank.parent, Assign) else None
    names = {function.name if function is not None else "", target.id if isinstance(target, Name) else ""} - {""}
    for test in module.all(If):
        compared = [one for one in find(test.test, Binary) if one.op in _COMPARES]
        asked = names_in(test.test) | {call.name for call in find(test.test, Call)}
        asked |= {call.name for name in names_in(test.test) for call in _origin_calls(module, test, name)}
        if (
            compared
            and (names & asked or inside(rank, test.test))
            and any(is_refusal(one) for one in find([*test.body, *test.orelse], Throw))
        ):
            return True
    return False


def _origin_calls(module: Module, test: If, name: str) -> list[Call]:
    """Return the call that gave a variable of a condition its value."""
    named = next((one for one in find(test.test, Name) if one.id == name), None)
    origin = module.scopes.origin(named) if named is not None else None
    return [origin] if isinstance(origin, Call) else []


def _stands_in(node: Node) -> tuple[Expr | None, Expr | None]:
    """Return (what is looked up, what stands in for it)."""
    if isinstance(node, Binary) and node.op in ("??", "or"):
        return node.left, node.right
    if isinstance(node, Call) and node.name in ("get", "getOrDefault", "setdefault") and len(node.args) == 2:
        return node, node.args[1]
    return None, None


def _tables(module: Module) -> Iterator[tuple[str, dict[str, frozenset[str] | float]]]:
    """Yield the tables at the top of the file that say for each key which words it holds, or how high it ranks."""
    for assign in module.all(Assign):
        if not isinstance(assign.target, Name) or assign.value is None or function_of(assign) is not None:
            continue
        made = strip(assign.value)
        if isinstance(made, Call) and made.args and made.name in ("freeze", "MappingProxyType", "Map", "entries"):
            made = strip(made.args[0])
        held = _held(made) if isinstance(made, Object) else {}
        if len(held) >= _FEWEST:
            yield assign.target.id, held


def _held(made: Object) -> dict[str, frozenset[str] | float]:
    """Return what each key stands for; nothing where one of them can't be read."""
    found: dict[str, frozenset[str] | float] = {}
    for key, value in made.entries:
        rank = _rank(strip(value))
        if not isinstance(key, Literal) or not isinstance(key.value, str) or rank is None:
            return {}
        found[key.value] = rank
    return found


def _rank(value: Expr) -> frozenset[str] | float | None:
    if (
        isinstance(value, Call)
        and len(value.args) == 1
        and value.name in ("Set", "set", "frozenset", "freeze", "tuple")
    ):
        return _rank(strip(value.args[0]))
    if isinstance(value, Literal):
        if isinstance(value.value, str):
            return frozenset(value.value.replace(",", " ").split())
        return float(value.value) if isinstance(value.value, int | float) and value.value is not True else None
    if isinstance(value, Array) and all(isinstance(strip(item), Literal) for item in value.items):
        return frozenset(str(getattr(strip(item), "value", "")) for item in value.items)
    return None


def _is_widest(ranks: dict[str, frozenset[str] | float], role: str) -> bool:
    """Tell whether a role may do all that the others may, and more than each."""
    own = ranks.get(role)
    others = [rank for name, rank in ranks.items() if name != role]
    if isinstance(own, frozenset):
        return all(isinstance(rank, frozenset) and rank < own for rank in others)
    return isinstance(own, float) and all(isinstance(rank, float) and rank < own for rank in others)


def _about(node: Node, missing: Expr, table: str) -> bool:
    """Tell whether what is missing is a role: by a word that it shares with the table, wherever it goes."""
    function = function_of(node)
    target = node.parent.target if isinstance(node.parent, Assign) else None
    said = path_words(missing) | set(last_words(target)) | set(words(function.name if function is not None else ""))
    return bool({word.rstrip("s") for word in said} & {word.rstrip("s") for word in words(table)})
