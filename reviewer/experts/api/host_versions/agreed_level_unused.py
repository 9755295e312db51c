"""API447: host and plugin agree on a level of the contract, and the plugin gets another one all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import declared_type, definition
from reviewer.code.syntax import Assign, Call, Expr, Function, If, Index, Literal, Member, Name, Node, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, behind, find, function_of, inside, names_in
from reviewer.core.regex import regex
from reviewer.experts.api.vocabulary import is_log
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_AGREES: Final = frozenset("agree agreed negotiate negotiated common shared mutual compatible settle handshake".split())
"""Words of a function that finds what both sides know."""
_LEVELS: Final = frozenset("level levels version versions protocol abi api newest latest oldest".split())
_TABLE: Final = regex(r"Record<([A-Z]\w+), *[A-Z]\w*>|ReadonlyMap<([A-Z]\w+),|Map<([A-Z]\w+),")


@module_check("API447", words={"level", "levels", "version", "versions", "protocol", "abi", "newest", "latest"})
def agreed_level_unused(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what one function takes out of a table of levels, beside the level that was agreed."""
    if module.is_test:
        return
    for made in module.all(Assign):
        function = function_of(made)
        found = _agreed_by(module, made)
        if function is None or found is None or not isinstance(made.target, Name):
            continue
        if not _only_tested(function, made, made.target.id):
            continue
        for taken, key in _taken(function):
            if behind(taken, made) and _is_fixed(module, key) and _same_levels(found, key):
                yield Match(
                    taken,
                    f"'{made.target.id}' is what both sides agreed on, and is only asked whether there is one: the "
                    f"plugin always gets '{module.text_of(key)}'.",
                    related=((made, "the agreement"),),
                )
    for index in module.all(Index):
        beside = _level_beside(module, index)
        if beside:
            yield Match(
                index,
                f"The plugin always gets the same entry, whatever was agreed: '{beside}' is kept and never read.",
            )


def _agreed_by(module: Module, made: Assign) -> Function | None:
    """Return the function of the subject that finds the level which a variable holds."""
    call = strip(made.value) if made.value is not None else None
    found = definition(module, call.callee) if isinstance(call, Call) else None
    return found if isinstance(found, Function) and not found.signature_only else None


def _only_tested(function: Function, made: Assign, name: str) -> bool:
    """Tell whether all that is done with a variable is to leave where it holds nothing, or to tell of it."""
    uses = [one for one in find(function.body, Name) if one.id == name and behind(one, made)]
    tested = False
    for use in uses:
        around = next((one for one in ancestors(use) if isinstance(one, If | Throw | Call)), None)
        if isinstance(around, If) and inside(use, around.test) and exits(around.body):
            tested = True
        elif not (isinstance(around, Throw) or (isinstance(around, Call) and (is_log(around) or _in_throw(around)))):
            return False
    return tested


def _in_throw(node: Node) -> bool:
    return any(isinstance(one, Throw) for one in ancestors(node))


def _taken(function: Function) -> Iterator[tuple[Expr, Expr]]:
    """Yield what a function takes out of tables, with the key."""
    for index in find(function.body, Index):
        yield index, strip(index.key)
    for call in find(function.body, Call):
        if call.name == "get" and call.receiver is not None and len(call.args) == 1:
            yield call, strip(call.args[0])


def _is_fixed(module: Module, key: Expr) -> bool:
    """Tell whether a key is a constant of the file or of another one."""
    if not isinstance(key, Name) or not key.id.isupper():
        return False
    bound = module.scopes.lookup(key.id, key)
    return not any(isinstance(one, Node) and function_of(one) is not None for one in bound)


def _same_levels(found: Function, key: Expr) -> bool:
    """Tell whether a function finds what is common to both sides, or ends at the very level that the key names."""
    spoken = isinstance(key, Name) and not _LEVELS.isdisjoint(words(key.id))
    named = isinstance(key, Name) and spoken and key.id in names_in(found.body)
    return named or not _AGREES.isdisjoint(words(found.name))


def _level_beside(module: Module, index: Index) -> str:
    """Return the member of a record beside a table of levels that nobody reads, where one entry is always taken."""
    key = strip(index.key)
    table = strip(index.object)
    if not isinstance(key, Literal) or not isinstance(table, Name) or not isinstance(index.parent, Call):
        return ""
    if index.parent.receiver is None or index not in index.parent.args:
        return ""
    said = _TABLE.search(declared_type(module, table))
    kind = next((one for one in said.groups() if one), "") if said is not None else ""
    if not kind:
        return ""
    for cls in module.classes:
        for field in cls.fields if cls.kind in ("interface", "type") else ():
            if field.type.strip(": ") == kind and not any(one.name == field.name for one in module.all(Member)):
                return field.name
    return ""
