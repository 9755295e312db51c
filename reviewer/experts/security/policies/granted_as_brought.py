"""SEC019: what a guest brings along becomes, unfiltered, what a decision looks its rights up in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Spread,
    strip,
)
from reviewer.code.text.ideas import DEPENDENCIES, SINGLE_MANIFESTS
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.security.asked import asked, is_declaration, names_code
from reviewer.experts.security.deciding.decisions import decision_functions, readers, throws_refusal
from reviewer.experts.security.policies.asked_use import uses_of
from reviewer.experts.security.policies.rules_given_out import looked_up_in
from reviewer.experts.security.values.access import step
from reviewer.experts.security.vocabulary import ANSWERING, REFUSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WISHES: Final = (DEPENDENCIES - {"deps", "dep", "dependencies", "dependency", "depends", "dependson"}) | word_set(
    "wants wanted wishes asks asked requested requests demands claims"
)
_LOADED: Final = frozenset({"main", "module", "entry", "entrypoint"})
"""Fields by which a record says what code is loaded."""
_COPIES: Final = frozenset({"Set", "set", "list", "frozenset", "tuple", "from", "freeze", "slice", "copy", "sorted"})
_ONE_BY_ONE: Final = frozenset(
    "reduce map flatMap fromEntries Map Set Object from dict set frozenset list fromkeys freeze".split()
)
"""Calls that make a collection of another one."""
_MAKERS: Final = frozenset(
    "Object Map Set Array Reflect dict set frozenset list tuple str String Boolean bool freeze isinstance".split()
)
_TOLD_WISHES: Final = frozenset({"wants", "wanted", "wishes", "asked", "requested"})
_GIVES: Final = frozenset("grant grants approve approved consent allow accept confirm agree set update record".split())
"""Words of a function that is told what somebody was given, and of which nobody knows who decided it."""
_PUTS: Final = frozenset({"set", "setdefault"})


@module_check("SEC019", words=_WISHES | SINGLE_MANIFESTS | _LOADED)
def granted_as_brought(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is put into each table that a decision of the subject looks something up in."""
    if module.is_test:
        return
    puts = [(table, value) for table, value in _puts(module) if _brought(module, value) is not None]
    if not puts:
        return
    tables = {table.encode() for table, _value in puts}

    def names_one(text: bytes) -> bool:
        return any(table in text for table in tables)

    work = partial(_decided, inquiry)
    told = inquiry.project.answers("security.decided_tables", work, ANSWERING, tests=False, showing=names_one)
    decided = frozenset[str]().union(*told)
    for table, value in puts:
        brought = _brought(module, value)
        if table in decided and brought is not None and not _told_by_its_name(module, brought):
            yield Match(
                brought,
                f"'{short(module.text_of(brought))}' is what the guest asks for, and it becomes '{table}', in which "
                "decisions look up what it may do: it grants itself what it asks for.",
            )


def _told_by_its_name(module: Module, brought: Expr) -> bool:
    """Tell whether a rule of the words finds the same: what is plainly asked for, stored as what is granted."""
    return asked(module, brought) is brought and any(True for _use in uses_of(module, brought))


def _decided(inquiry: Inquiry, module: Module) -> frozenset[str]:
    """Return the names of what the decisions of a file look something up in."""
    return frozenset(
        last_name(holder).lstrip("_#")
        for deciding in (*decision_functions(inquiry, module), *(f for f in module.functions if throws_refusal(f)))
        for reader in readers(module, deciding)
        for lookup in (*find(reader.body, Call), *find(reader.body, Index), *find(reader.body, Binary))
        if isinstance(holder := looked_up_in(lookup), Name | Member)
    )


def _puts(module: Module) -> Iterator[tuple[str, Expr]]:
    """Yield what is put under a key into a table, or becomes it, with the name of the table."""
    for call in module.calls(_PUTS):
        if call.receiver is not None and len(call.args) == 2:
            yield last_name(call.receiver).lstrip("_#"), call.args[1]
    for assign in module.all(Assign):
        if assign.value is None or assign.op != "=":
            continue
        if isinstance(assign.target, Index):
            yield last_name(assign.target.object).lstrip("_#"), assign.value
        elif isinstance(assign.target, Name):
            yield assign.target.id, assign.value
    for record in module.all(Object):
        for key, value in record.entries:  # abilities: { ...state.abilities, [id]: descriptor.abilities }
            inner = strip(value)
            if isinstance(key, Literal) and isinstance(inner, Object):
                yield from ((str(key.value), put) for name, put in inner.entries if isinstance(name, Member | Name))


def _brought(module: Module, value: Expr, depth: int = 0) -> Expr | None:
    """Return what a record of a guest asks for, where a value is it, or a copy that leaves nothing out."""
    made = strip(value)
    if depth > 6:
        return None
    if isinstance(made, Name):
        origin = module.scopes.origin(made)
        if isinstance(origin, Param):
            return made if _is_told(origin) else None
        return _brought(module, origin, depth + 1) if isinstance(origin, Expr) and origin is not made else None
    if isinstance(made, Array):
        only = made.items[0] if len(made.items) == 1 else None
        return _brought(module, only.value, depth + 1) if isinstance(only, Spread) else None
    if isinstance(made, Comprehension) and len(made.clauses) == 1 and not made.tests:
        plain = isinstance(strip(made.element), Name) or _all_true(made.element)
        return _brought(module, made.clauses[0][1], depth + 1) if plain else None
    if isinstance(made, Binary) and made.op in ("??", "or"):
        return _brought(module, made.left, depth + 1)
    found = step(made)
    if found is not None:
        return made if _is_wish(module, *found) else None
    if isinstance(made, Call) and made.name in _COPIES:
        given = made.args[0] if len(made.args) == 1 and made.name not in ("slice", "copy") else made.receiver
        copied = _brought(module, given, depth + 1) if given is not None else None
        if copied is not None:
            return copied
    return _only_source(module, made) if isinstance(made, Call | Comprehension) else None


def _is_told(param: Param) -> bool:
    """Tell whether a function is handed what somebody wants, and is not called after his having been given it."""
    function = param.parent
    called = set(words(function.name)) if isinstance(function, Function) else _GIVES
    return bool(set(words(param.name)) & _TOLD_WISHES) and not called & _GIVES


def _only_source(module: Module, made: Call | Comprehension) -> Expr | None:
    """Return what a guest asks for where a value is worked out from it, one by one, and from nothing else.

    ``card.asks.reduce((all, one) => ({ ...all, [one]: true }), {})``, ``new Map(card.asks.map((a) => [a, "yes"]))``.
    """
    if isinstance(made, Call) and made.name not in _ONE_BY_ONE:
        return None
    sources = [part for part in find(made, Expr) if (found := step(part)) is not None and _is_wish(module, *found)]
    said = [part.value for part in find(made, Literal)]
    if len({module.text_of(one) for one in sources}) != 1 or any(one is False or one in REFUSING for one in said):
        return None
    inside = {id(name) for one in sources for name in find(one, Name)}
    free = (name for name in find(made, Name) if id(name) not in inside and name.id not in _MAKERS)
    return sources[0] if all(_is_made_in(module, name, made) for name in free) else None


def _is_made_in(module: Module, name: Name, made: Expr) -> bool:
    """Tell whether a name is that of one element, in what is worked out from all."""
    bound = module.scopes.lookup(name.id, name)
    return bool(bound) and all(isinstance(one, Node) and made.start <= one.start <= made.stop for one in bound)


def _all_true(element: Expr) -> bool:
    """Tell whether every element of a comprehension says yes: ``{want: True for want in card.wants}``."""
    parts = list(find(element, Literal))
    return bool(parts) and all(part.value is True for part in parts)


def _is_wish(module: Module, holder: Expr, name: str) -> bool:
    """Tell whether a field is what a guest asks for: by its name, or as a list of the record that names its code."""
    if set(words(name)) & _WISHES:
        return True
    if set(words(name)) & _LOADED or name in ("id", "name", "version", "key", "title"):
        return False
    return is_declaration(module, holder) or names_code(module, holder)
