"""What follows a ``!`` in TypeScript, which the grammar takes for the end of a whole operation."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module
from reviewer.code.syntax import Assign, Binary, Call, Member, Unary, strip


def lowered(source: str) -> Module:
    return Module("a.ts", source.encode())


@pytest.mark.parametrize(
    ("source", "operator", "last"),
    [
        ("x = a.b ?? c.d!.id;", "??", "id"),
        ("if (a.owner !== request.member!.id) leave();", "!=", "id"),
        ("x = a && b === c![0].d;", "==", "d"),
        ("x = a ?? (b ?? c)!.d;", "??", "d"),
        ("x = p && q > r!.s || t;", ">", "s"),
    ],
)
def test_what_follows_a_mark_for_not_null_belongs_to_the_last_operand(source, operator, last):
    module = lowered(source)
    (operation,) = [one for one in module.all(Binary) if one.op == operator and isinstance(one.right, Member)]
    assert operation.right.name == last
    assert operation.right.parent is operation


def test_a_negation_takes_all_that_follows_a_mark_for_not_null():
    (negated,) = lowered("if (!row!.active()) leave();").all(Unary)
    assert isinstance(negated.operand, Call)
    assert negated.operand.name == "active"


def test_brackets_end_where_they_say():
    (member,) = lowered("x = (a ?? b)!.c;").all(Member)
    assert member.name == "c"
    assert isinstance(strip(member.object), Binary)


@pytest.mark.parametrize(
    ("source", "around", "inside"),
    [
        ("x = a.has(i) && a.get(i)!.version !== o.version;", "and", "!="),
        ("x = a && b!.c + d > e;", "and", ">"),
        ("x = a ?? b!.c * 2;", "??", "*"),
        ("x = a && b!.c || d;", "or", "and"),
    ],
)
def test_what_binds_more_than_an_operation_with_such_a_mark_takes_its_last_operand(source, around, inside):
    (assign,) = lowered(source).all(Assign)
    whole = assign.value
    assert isinstance(whole, Binary)
    assert whole.op == around
    inner = whole.left if around == "or" else whole.right
    assert isinstance(inner, Binary)
    assert inner.op == inside
