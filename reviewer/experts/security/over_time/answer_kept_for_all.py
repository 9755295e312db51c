"""SEC091: a decision about one plugin is remembered for the permission alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import named_type
from reviewer.code.syntax import Expr, Function, Member, Name, Param, strip
from reviewer.code.tables import tables
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import class_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import surroundings, word_set
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.vocabulary import ACTIONS, PERMISSION, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WHO: Final = PLAIN_GUEST | word_set(
    "pluginid extensionid module app widget skill bot integration tenant user caller subject principal "
    "actor client account"
)
_ASKED: Final = (ACTIONS | {"permission", "permissions"}) - {"what", "access", "resource", "channel", "topic", "method"}
_KEEPS: Final = (PERMISSION | {"decided", "decisions", "decision", "answers", "answered"}) - {"access"}


@module_check("SEC091", words=TRIGGERS | {"decided", "decisions", "answers"})
def answer_kept_for_all(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every table of decisions for what tells one plugin's from another's."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind != "map" or not table.of("read", "has"):
            continue
        for access in table.of("write"):
            function = access.function
            if function is None or access.key is None or _knows_who(function):
                continue
            kept = bool((surroundings(function) | set(words(table.name))) & _KEEPS) or is_decision(function)
            if not kept or not _is_asked(module, access.key):
                continue
            who = _who(module, function, access.key)
            if who:
                key = module.text_of(access.key)
                asked = [one for one in table.of("read", "has") if one.function is function and one.key is not None]
                first = next((one.node for one in asked if one.key and module.text_of(one.key) == key), access.node)
                yield Match(
                    min(first, access.node, key=lambda node: node.start),
                    f"The answer is kept under '{short(module.text_of(access.key))}' alone, and it was given about "
                    f"'{who}': what one is granted, all are.",
                )
                break


def _knows_who(function: Function) -> bool:
    """Tell whether the object, or the function around, belongs to one plugin as a whole."""
    cls = class_of(function)
    if cls is not None:
        fields = {field.name for field in cls.fields} | set(function.module.scopes.fields(cls))
        return any(set(words(name)) & _WHO for name in fields)
    outer = function.outer
    while outer is not None:
        if any(set(words(param.name)) & _WHO for param in outer.params):
            return True
        outer = outer.outer
    return False


def _is_asked(module: Module, key: Expr) -> bool:
    """Tell whether a key is the permission and nothing else."""
    key = strip(key)
    name = key.id if isinstance(key, Name) else key.name if isinstance(key, Member) else ""
    said = set(words(name))
    if not said & _ASKED or said & _WHO:
        return False
    made = module.scopes.origin(key)
    return isinstance(made, Param | Member) or made is None


def _who(module: Module, function: Function, key: Expr) -> str:
    """Return the name of whom the decision is about, where the function is told."""
    for param in function.params:
        if set(words(param.name)) & _WHO and param.name:
            return param.name
        if any(set(words(field)) & _WHO for field in param.fields):
            return next(field for field in param.fields if set(words(field)) & _WHO)
    base = strip(key)
    if not isinstance(base, Member) or not isinstance(strip(base.object), Name):
        return ""
    holder = module.scopes.origin(base.object)
    declared = named_type(module, holder.type) if isinstance(holder, Param) and holder.type else None
    fields = [field.name for field in declared.fields] if declared is not None else []
    return next((f"{module.text_of(base.object)}.{name}" for name in fields if set(words(name)) & _WHO), "")
