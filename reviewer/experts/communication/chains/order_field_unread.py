"""COM130: what is entered has a place in the order as a member of its record, and nothing ever reads that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Class, Literal, Member, Object
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.chains.order_ignored import order_ignored
from reviewer.experts.communication.vocabulary import HANDLERS
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Field
    from reviewer.experts.check import Inquiry

_ORDERS: Final = word_set("priority prio weight rank precedence order ordering")
_CALLED: Final = HANDLERS | word_set("function fn func callback call run action method execute handle")
_FUNCTIONS: Final = ("Callable", "=>", "Function", "Awaitable", "Handler", "Listener")
_NUMBERS: Final = ("int", "float", "number")
_COMPARES: Final = frozenset({"__lt__", "__gt__", "__le__", "__ge__", "compareTo", "compare", "valueOf"})
_WHOLE: Final = frozenset("asdict astuple vars dumps stringify fields".split())
"""Calls that take a record apart as a whole."""


@module_check("COM130", words=_ORDERS)
def order_field_unread(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each record of a function and its place in an order for a line of the subject that reads the place."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for cls in module.classes:
        field = next((one for one in cls.fields if _is_order(one)), None)
        if field is None or not any(_is_function(one) for one in cls.fields) or _sorts_itself(cls):
            continue
        if not _is_made(inquiry, cls, field.name) or _is_read(inquiry, field.name):
            continue
        if not any(True for _ in order_ignored(inquiry, module)):  # it is told where the record is entered
            yield Match(
                field,
                f"'{field.name}' of '{cls.name}' says at which place it is to run, and nothing ever reads it: they run "
                "in the order in which they happened to be entered.",
            )


def _is_order(field: Field) -> bool:
    kind = field.type.replace(" ", "")
    number = kind in _NUMBERS or kind.endswith("|undefined") or kind == "readonlynumber"
    return number and bool(set(words(field.name)[-1:]) & _ORDERS)


def _is_function(field: Field) -> bool:
    return any(part in field.type for part in _FUNCTIONS) or bool(set(words(field.name)[-1:]) & _CALLED)


def _sorts_itself(cls: Class) -> bool:
    """Tell whether objects of a class are compared as they are: by a method, or because a decorator says so."""
    said = any("order" in one.keywords for made in cls.decorators for one in find(made, Call))
    return said or any(method.name in _COMPARES for method in cls.methods)


def _is_made(inquiry: Inquiry, cls: Class, name: str) -> bool:
    """Tell whether something of the subject makes such a record with a place in the order that it was given."""
    for module in inquiry.project.modules(naming={cls.name}, tests=False):
        position = [field.name for field in cls.fields].index(name)
        for call in module.calls((cls.name,)):
            if name in call.keywords or len(call.args) > position:
                return True
        if module.language != "python":
            literals = [made for made in module.all(Object) if name in made.keys]
            if any({field.name for field in cls.fields if not field.optional} <= set(made.keys) for made in literals):
                return True
    return False


def _is_read(inquiry: Inquiry, name: str) -> bool:
    """Tell whether anything of the subject reads a member of this name, or may: by a text, or with the whole record."""
    for module in inquiry.project.modules(naming={name, *words(name)}, tests=False):
        for member in module.all(Member):
            around = member.parent
            if member.name == name and not (isinstance(around, Assign) and around.target is member):
                return True
        for literal in module.all(Literal):
            keyed = isinstance(literal.parent, Object) and any(literal is key for key, _ in literal.parent.entries)
            if literal.value == name and not keyed:
                return True
        for assign in module.all(Assign):
            if assign.default is not None and getattr(assign.target, "id", "") == name:
                return True
        if any(name in param.fields for function in module.functions for param in function.params):
            return True
        if any(True for _ in module.calls(_WHOLE)) or any(_has_order(node, name) for node in module.all(Binary)):
            return True
    return False


def _has_order(node: Binary, name: str) -> bool:
    return node.op in ("<", ">", "-") and any(
        name in (getattr(side, "name", ""), getattr(side, "id", "")) for side in (node.left, node.right)
    )
