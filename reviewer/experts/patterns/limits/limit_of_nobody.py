"""PAT027: whoever has no limit of his own is held against 'undefined', which nothing is more than."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, Expr, If, Index, Literal, Member, Name, Object, Param, uncast
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_LIMITS: Final = word_set("quotas limits budgets allowances caps ceilings maxima allotments quota limit budget")
"""Last words of a table that says how much each may use."""


@module_check("PAT027", words=_LIMITS)
def limit_of_nobody(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal of what is more than a number that was looked up by somebody's name."""
    if module.is_test or module.language == "python":
        return
    for test in module.all(If):
        if not exits(test.body):
            continue
        for part in find(test.test, Binary, into_functions=False):
            most = part.right if part.op in (">", ">=") else part.left if part.op in ("<", "<=") else None
            table = _looked_up(module, most) if most is not None else None
            if most is None or table is None or _is_written_out(module, table) or _asked(module, test, most, table):
                continue
            yield Match(
                part,
                f"Nothing is more than 'undefined': whoever has no entry in '{short(module.text_of(table))}' is never "
                "refused.",
                fix="Give a limit to whoever has none of his own (`?? 0`, or a default), and refuse what is over it.",
            )
            break


def _looked_up(module: Module, most: Expr) -> Name | Member | None:
    """Return the table in which a limit was looked up by a name that is not written out."""
    given = uncast(most)
    made = module.scopes.origin(given) if isinstance(given, Name) else given
    found = uncast(made) if isinstance(made, Expr) else None
    table: Expr | None = None
    key: Expr | None = None
    if isinstance(found, Index):
        table, key = found.object, found.key
    elif isinstance(found, Call) and found.name == "get" and len(found.args) == 1:
        table, key = found.receiver, found.args[0]
    held = uncast(table) if table is not None else None
    if key is None or isinstance(uncast(key), Literal) or not isinstance(held, Name | Member):
        return None
    return held if set(last_words(held)[-1:]) & _LIMITS else None


def _is_written_out(module: Module, table: Name | Member) -> bool:
    """Tell whether the file itself writes out who may use how much."""
    made = module.scopes.origin(table)
    given = [made] if made is not table else []
    if is_this_member(table):
        owner = function_of(table)
        cls = owner.owner if owner is not None else None
        given = [*module.scopes.field_values(cls, table.name)] if cls is not None else []
    return any(isinstance(one, Object) and one.keys for one in given)


def _asked(module: Module, test: If, most: Expr, table: Name | Member) -> bool:
    """Tell whether the function asks whether there is such a limit, or gives one to whoever has none."""
    function = function_of(test)
    if function is None:
        return True
    held, name = module.text_of(table), uncast(most)
    for call in find(function.body, Call):
        named = call.receiver is not None and module.text_of(call.receiver) == held
        if call.name in ("has", "set", "hasOwn") and (named or any(module.text_of(arg) == held for arg in call.args)):
            return True
    if not isinstance(name, Name):
        return False
    if any(isinstance(one, Param) for one in module.scopes.lookup(name.id, name)):
        return True
    others = (one.test for one in find(function.body, If))
    return any(name.id in names_in(one) and one is not test.test for one in others) or _asked_beside(test, name.id)


def _asked_beside(test: If, name: str) -> bool:
    """Tell whether the condition itself asks for the limit: ``limit !== undefined && used > limit``."""
    return sum(1 for one in find(test.test, Name) if one.id == name) > 1
