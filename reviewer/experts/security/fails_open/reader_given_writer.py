"""SEC015: where somebody may read, a context gets the service by which everything is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Binary, Call, Conditional, Expr, If, Index, Literal, Member, Object, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.verbs_asked import asked_by, verbs_of
from reviewer.experts.security.handing.given_out import class_given
from reviewer.experts.security.reaching.changing import READS, WRITES, changing_method
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("SEC015", words=TRIGGERS | {"approved", "scope"})
def reader_given_writer(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is put into an object where a permission to read was asked about."""
    if module.is_test:
        return
    for node in module.some(If, Binary, Conditional):
        if isinstance(node, If) and _only_reads(module, node.test):
            puts = [put for put in find(node.body, Assign, into_functions=False) if put.value is not None]
            given = [put.value for put in puts if isinstance(put.target, Member | Index) and put.value is not None]
        elif isinstance(node, Conditional) and _is_member(node) and _only_reads(module, node.test):
            given = [node.then]
        elif isinstance(node, Binary) and node.op == "and" and _is_member(node) and _only_reads(module, node.left):
            given = [node.right]
        else:
            continue
        for value in given:
            yield from _changing(module, value)


def _changing(module: Module, value: Expr) -> Iterator[Match]:
    made = strip(value)
    for one in [inner for _key, inner in made.entries] if isinstance(made, Object) else [made]:
        cls = class_given(module, one)
        act = changing_method(cls, None) if cls is not None else ""
        if act:
            yield Match(one, f"Who may read is given '{short(module.text_of(one))}', which changes things by '{act}'.")


def _is_member(chosen: Expr) -> bool:
    """Tell whether a choice is a member of an object, or is spread into one: ``...(may("a.read") && { a })``."""
    return isinstance(chosen.parent, Object)


def _only_reads(module: Module, test: Expr) -> bool:
    """Tell whether a condition asks for a permission to read, and for none to write."""
    verbs = {verb for _at, said in asked_by(module, test) for verb in said} | set(_named(test))
    return bool(verbs & READS) and not verbs & WRITES


def _named(test: Expr) -> Iterator[str]:
    """Yield the verbs of a right that is sought in a list: ``approved.has("content:read")``."""
    for call in find(test, Call):
        right = strip(call.args[0]) if call.name in ("has", "includes", "get") and len(call.args) == 1 else None
        if isinstance(right, Literal) and isinstance(right.value, str) and any(mark in right.value for mark in ".:/"):
            yield from verbs_of(right)
