"""PAT007: a plugin keeps what it knows in a field of its class, and gives that another value while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter, is_stopper
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Field, Literal, Member, Name, Unary, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.contract import plugin_definitions
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import FIRM_CACHES, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Expr
    from reviewer.experts.check import Inquiry

_HARMLESS: Final = FIRM_CACHES | word_set(
    "id ids seq sequence serial counter count next uid number nr version generation logger log lock instance singleton "
    "wasm pattern regex parser formatter"
)
"""What is meant for all objects of a class: numbers they count by, the one object there may be, things loaded once."""


@module_check("PAT007", words={"static", "self", "cls", "constructor"})
def static_state(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each field of a plugin's class for a method that gives it another value through the class."""
    if module.is_test or inquiry.subject.kind != "plugin":
        return
    plugins = {id(plugin.at) for plugin in plugin_definitions(module)}
    for cls in module.classes:
        if cls.kind != "class" or not (id(cls) in plugins or _begins_and_ends(cls)):
            continue
        for field in cls.fields:
            if not _of_all(module, field):
                continue
            change = next(_given_anew(cls, field.name), None)
            if change is not None:
                yield Match(
                    field,
                    f"'{field.name}' belongs to the class '{cls.name}' and gets another value at run time: all "
                    "instances and tenants share it, and it outlives deactivation.",
                    related=((change, "changed here"),),
                )


def _begins_and_ends(cls: Class) -> bool:
    named = [method.name for method in cls.methods if not method.signature_only]
    return any(map(is_starter, named)) and any(map(is_stopper, named))


def _of_all(module: Module, field: Field) -> bool:
    """Tell whether a field is one for all objects of a class, and no constant by its looks."""
    shared = field.static if module.language != "python" else field.value is not None
    return shared and not field.readonly and not field.name.isupper() and not set(spelled(field.name)) & _HARMLESS


def _given_anew(cls: Class, name: str) -> Iterator[Assign | Unary]:
    """Yield where methods give a field of the class a value that is none of the beginning."""
    for method in cls.methods:
        for node in find(method.body, Assign):
            if _is_field(node.target, cls, name) and not _is_nothing(node.value):
                yield node
        for step in find(method.body, Unary):
            if step.op in ("++", "--") and _is_field(step.operand, cls, name):
                yield step


def _is_field(target: Expr, cls: Class, name: str) -> bool:
    """Tell whether something is the field as the class has it: ``Rings.chosen``, ``this.constructor.chosen``."""
    held = strip(target)
    if not isinstance(held, Member) or held.name != name:
        return False
    holder = strip(held.object)
    if isinstance(holder, Name):
        return holder.id in (cls.name, "cls") and holder.id != ""
    if isinstance(holder, Call):  # type(self).chosen
        given = strip(holder.args[0]) if holder.name == "type" and len(holder.args) == 1 else None
        return isinstance(given, Name) and given.id in ("this", "self")
    return is_this_member(holder) and holder.name in ("constructor", "__class__")


def _is_nothing(value: Expr | None) -> bool:
    return isinstance(value, Literal) and value.value is None
