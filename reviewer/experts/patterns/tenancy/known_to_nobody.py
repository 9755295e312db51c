"""PAT446: whose token or session is not known becomes one of a tenant that is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    If,
    Index,
    Literal,
    Name,
    Object,
    Return,
    strip,
)
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.patterns.vocabulary import names_tenant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PROOFS: Final = word_set("token session cookie credential credentials ticket bearer secret apikey authorization")
"""Words of what somebody shows to say who he is."""


@module_check("PAT446", words=_PROOFS)
def known_to_nobody(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what stands in for the one who belongs to a token, where nobody does."""
    if module.is_test:
        return
    for node in module.some(Binary, Conditional, If):
        for asked, instead in _choices(node):
            tenant = _of_tenant(module, instead) if _is_by_proof(module, asked) else ""
            if tenant:
                yield Match(
                    instead,
                    f"Where '{short(module.text_of(asked))}' is known to nobody, this stands in for it, and belongs to "
                    f"'{tenant}': whoever makes something up acts for that one.",
                    fix="Refuse what is not known.",
                )


def _choices(node: object) -> Iterator[tuple[Expr, Expr]]:
    """Yield (what is asked for, what is taken where there is nothing)."""
    if isinstance(node, Binary) and node.op in ("or", "??"):
        yield node.left, node.right
    elif isinstance(node, Conditional):
        yield node.test, node.other
        yield node.test, node.then
    elif isinstance(node, If):
        for answer in find(node.body, Return, into_functions=False):
            if answer.value is not None:
                yield node.test, answer.value


def _is_by_proof(module: Module, asked: Expr) -> bool:
    """Tell whether something is looked up by what somebody shows: ``sessions.get(token)``, or a name for that."""
    made = strip(asked)
    if isinstance(made, Binary) and made.op in ("==", "!="):
        made = strip(made.left)
    if isinstance(made, Name):
        origin = module.scopes.origin(made)
        made = origin if isinstance(origin, Expr) else made
    key = made.key if isinstance(made, Index) else None
    if isinstance(made, Call) and made.name == "get" and made.args:
        key = made.args[0]
    return isinstance(key, Name) and bool(set(last_words(key)) & _PROOFS)


def _of_tenant(module: Module, instead: Expr) -> str:
    """Return the tenant, written down, to whom a record that is made on the spot belongs; else nothing."""
    made = strip(instead)
    if isinstance(made, Object):
        held = [(str(key.value), value) for key, value in made.entries if isinstance(key, Literal)]
    elif isinstance(made, Call):
        record = definition(module, made.callee)
        fields = [field.name for field in record.fields] if isinstance(record, Class) else []
        held = [*zip(fields, made.args, strict=False), *made.keywords.items()]
    else:
        return ""
    for name, value in held:
        told = strip(value)
        if names_tenant(name) and isinstance(told, Literal) and isinstance(told.value, str) and told.value:
            return told.value
    return ""
