"""What a look-up in a plain object is worth telling: whose names the keys are, and what comes of one that is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Throw,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of
from reviewer.experts.lifecycle.vocabulary import PLAIN_PLUGIN_WORDS
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from reviewer.code.module import Module

_FORMS: Final = frozenset(
    "port hash digest checksum uuid guid path filepath file ext url uri protocol scheme operator pid pos position "
    "index timestamp ieee addr ip mac mime pathname".split()
)
"""Words of what has a form that no member of every object has."""
_PATHS: Final = frozenset({"path", "pathname", "url"})
_SYNTAX: Final = frozenset({"expression", "expr", "ast", "statement", "token"})
"""Words of a part of a program that was parsed, whose kinds the parser names."""
_NUMBERS_OF: Final = frozenset({"id", "key", "lang", "language", "locale"})
"""Last words of what a program gives its own things to find them again."""
_ITS_OWN: Final = frozenset(
    "cache cached settings options option config headers header attributes attrs data state timers counts count "
    "listeners listener observers subscribers events event hooks hook callbacks locals props buffers pending".split()
)
"""Last words of a table whose names the program and its plugins write out: of events, settings, what is counted."""
_NAMED: Final = PLAIN_PLUGIN_WORDS | frozenset(
    "command commands tool tools provider providers service services registry".split()
)
"""Words of a table of what somebody else names."""


def fixed_form(key: Expr) -> bool:
    """Tell whether a key is of a form that no member of every object has: a number, a digest, a path or its begin."""
    if set(last_words(key)[-1:]) & _FORMS:
        return True
    made = strip(key)
    function = function_of(key)
    begun = function.module.scopes.origin(made) if isinstance(made, Name) and function is not None else None
    if isinstance(begun, Call) and len(begun.args) == 1 and isinstance(begun.callee, Name):
        given = strip(begun.args[0])
        given = given.value if isinstance(given, Assign) and given.value is not None else given
        if set(last_words(given)[-1:]) & _PATHS:
            return True  # ``const base = firstPart(request.pathname)``
    return isinstance(made, Member) and bool(set(last_words(made.object)[-1:]) & _SYNTAX)


def numbered(module: Module, table: Expr) -> bool:
    """Tell whether an object is written out under numbers alone, as codes are, or under the members of an enum."""
    origin = module.scopes.origin(strip(table))
    made = origin if isinstance(origin, Object) else definition(module, table)
    if not isinstance(made, Object) or not made.entries or made.spreads:
        return False
    if all(isinstance(key, Member) for key, _value in made.entries):
        return True
    keys = [key.value if isinstance(key, Literal) else "" for key, _value in made.entries]
    return all(isinstance(key, int | float) or str(key).lstrip("-").isdigit() for key in keys)


def is_filled(module: Module, table: Expr) -> bool:
    """Tell whether the file fills an object under keys that are not constants: a registry."""
    name = module.text_of(table)
    return any(
        isinstance(node, Assign)
        and isinstance(node.target, Index)
        and module.text_of(node.target.object) == name
        and not isinstance(strip(node.target.key), Literal)
        for node in module.all_nodes
    )


def only_remembers(module: Module, node: Node, table: Expr, key: Expr) -> bool:
    """Tell whether nothing hangs on the name that is found: what is not there is made at once, or it is the program's.

    ``rows[kind] = rows[kind] || []``, ``if (!made[name]) made[name] = build(name)``, ``settings[name]``.
    """
    if _refuses_known(node):
        return False
    return _is_made_at_once(module, node, table, key) or _has_names_of_its_own(module, node, table, key)


def _is_made_at_once(module: Module, node: Node, table: Expr, key: Expr) -> bool:
    """Tell whether the function of a look-up puts what it makes itself under the very key."""
    function = function_of(node)
    if function is None:
        return False
    name, said = module.text_of(table), module.text_of(key)
    around = function
    while around.outer is not None and around.kind == "arrow":
        around = around.outer
    return any(
        isinstance(put.target, Index)
        and module.text_of(put.target.object) == name
        and module.text_of(put.target.key) == said
        and not _is_handed_in(module, put.value, around)
        for put in find(around.body, Assign)
    )


def _is_handed_in(module: Module, value: Expr | None, function: Function) -> bool:
    """Tell whether what is put into a table is what somebody hands in, and no more is done."""
    made = module.scopes.origin(strip(value)) if value is not None else None
    return isinstance(made, Param) and made.parent is function


def _has_names_of_its_own(module: Module, node: Node, table: Expr, key: Expr) -> bool:
    named = last_words(table)
    cls = class_of(node)
    if set(named[-1:]) & _ITS_OWN:
        return True
    of_others = {word for one in named for word in words(one)} | (set(words(cls.name)) if cls is not None else set())
    if of_others & _NAMED:
        return False
    return is_filled(module, table) or bool(set(last_words(key)[-1:]) & _NUMBERS_OF)


def _refuses_known(node: Node) -> bool:
    """Tell whether a name that is there already is refused: ``if (tools[id]) throw …``, ``assert(!tools[id])``."""
    test: Node = node
    present = True
    while isinstance(test.parent, Unary) and test.parent.op == "not":
        test, present = test.parent, not present
    if isinstance(test.parent, Binary) and test.parent.op in ("==", "!=") and is_nothing(test.parent.right):
        present = test.parent.op == "!="
        test = test.parent
    around = test.parent
    if isinstance(around, Call):
        return not present and "assert" in words(around.name)
    return present and isinstance(around, If) and around.test is test and any(isinstance(s, Throw) for s in around.body)


def is_written_out(module: Module, table: Expr) -> bool:
    """Tell whether an object has its entries where it is made."""
    made: list[object] = [module.scopes.origin(table)]
    cls = class_of(table) if is_this_member(table) else None
    if cls is not None and isinstance(table, Member):
        made += module.scopes.field_values(cls, table.name)
    return any(isinstance(one, Object) and len(one.entries) > 1 for one in made)


def lives_in_a_call(module: Module, node: Node, table: Expr) -> bool:
    """Tell whether an object lives no longer than one call: a way to group or to count."""
    if not isinstance(table, Name):
        return False
    made = [one for one in module.scopes.lookup(table.id, table) if isinstance(one, Assign)]
    return any(function_of(one) is not None and function_of(one) is function_of(node) for one in made)


def asked_first(value: Expr) -> Expr:
    """Return what is taken where it is there, of a value with a default: ``args.size`` of ``args.size ?? "medium"``."""
    value = strip(value)
    fallback = isinstance(value, Binary) and value.op in ("??", "or") and isinstance(strip(value.right), Literal)
    return strip(value.left) if fallback and isinstance(value, Binary) else value
