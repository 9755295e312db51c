"""SEC011: a promise of an answer is taken for the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import siblings, use_of
from reviewer.code.reach.links import is_async
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Function,
    If,
    Name,
    Node,
    Return,
    Throw,
    Unary,
    While,
    strip,
)
from reviewer.code.walk import calls_in, find, function_of, statement_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.edits import awaited
from reviewer.experts.security.deciding.answers_later import answers_later, throws_on_no
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("SEC011", words=TRIGGERS | {"verify", "check", "guard", "then", "async"})
def unawaited_check(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find asynchronous checks whose promise is tested, and asynchronous callbacks that filter."""
    if module.is_test:
        return
    for node in module.all(Call):
        if node.name == "then" and _refuses_too_late(node):
            yield Match(
                node,
                f"Nobody waits for '{short(module.text_of(node))}': what stands behind it runs before the answer is "
                "there, and the refusal ends nothing.",
            )
            continue
        if node.name in ("filter", "some", "every", "find") and node.args and isinstance(node.args[0], Function):
            callback = node.args[0]
            if _gives_promise(module, callback):
                yield Match(
                    callback, f"'{node.name}' takes the promise of the callback for its answer: it is always true."
                )
            continue
        if (
            (_tested(node) or _tested_by_name(module, node))
            and (is_check(module, node) or (throws_on_no(node) and is_async(module, node) is None))
            and answers_later(module, node)
        ):
            yield Match(
                node,
                f"'{short(module.text_of(node))}' gives a promise, which is always true: nobody looks at the answer.",
                edits=awaited(module, node),
            )
        elif _let_go(node) and is_check(module, node) and is_async(module, node) is True:
            yield Match(
                node,
                f"Nobody waits for '{short(module.text_of(node))}': the work goes on before the answer is there, and "
                "whatever it is.",
                edits=() if isinstance(node.parent, Unary) else awaited(module, node),
            )


def _refuses_too_late(chain: Call) -> bool:
    """Tell whether a refusal is thrown in a promise that nobody waits for, and work follows: ``void ask().then(…)``."""
    by = strip(chain.args[0]) if chain.args else None
    if not isinstance(by, Function) or not by.params or not by.params[0].name or not _let_go(chain):
        return False
    answer = by.params[0].name
    refused = False
    for test in find(by.body, If, into_functions=False):
        denied = strip(test.test)
        named = isinstance(denied, Unary) and denied.op == "not" and isinstance(strip(denied.operand), Name)
        said = strip(denied.operand) if isinstance(denied, Unary) else None
        thrown = any(isinstance(one, Throw) for one in test.body)
        refused = refused or (named and isinstance(said, Name) and said.id == answer and thrown)
    statement = statement_of(chain)
    beside = siblings(statement) if statement is not None else []
    later = beside[beside.index(statement) + 1 :] if statement in beside else []
    return refused and any(True for _ in calls_in(later, into_functions=False))


def _let_go(call: Call) -> bool:
    """Tell whether nobody takes what a check gives: it stands alone, with ``void`` or without."""
    use = use_of(call)
    return use.how == "dropped" and not use.awaited


def _gives_promise(module: Module, callback: Function) -> bool:
    """Tell whether a callback checks a permission and gives a promise of the answer."""
    if callback.asynchronous:
        return any(is_check(module, call) for call in calls_in(callback.body))
    last = callback.body[-1] if callback.body else None
    value = last.value if isinstance(last, Return) else None
    return isinstance(value, Call) and is_check(module, value) and is_async(module, value) is True


def _tested_by_name(module: Module, call: Call) -> bool:
    """Tell whether a promise is put into a name, and the name decides a condition without ``await``."""
    kept = call.parent
    if not isinstance(kept, Assign) or kept.value is not call or not isinstance(kept.target, Name):
        return False
    name, function = kept.target.id, function_of(kept)
    if function is None or len(module.scopes.lookup(name, kept)) != 1:
        return False
    uses = [node for node in find(function.body, Name) if node.id == name and node is not kept.target]
    return any(_tested(node) for node in uses) and not any(isinstance(node.parent, Await) for node in uses)


def _tested(call: Call | Name) -> bool:
    """Tell whether the bare value of a call decides a condition, without ``await``."""
    use = use_of(call)
    if use.awaited or use.how not in ("tested", "other", "dropped"):
        return False
    inner: Node = call
    around = call.parent
    last = True
    while isinstance(around, Unary | Binary):
        if isinstance(around, Unary) and around.op != "not":
            return False
        if isinstance(around, Binary) and around.op not in ("and", "or"):
            return False
        last = last and isinstance(around, Binary) and inner is around.right
        inner, around = around, around.parent
    if isinstance(around, Return) and last:
        return False  # ``return isOpen(action) || confirmed(who)`` gives the promise on, and whoever asks waits for it
    if isinstance(around, If | While | Conditional):
        return inner is around.test
    if isinstance(around, Comprehension):
        return any(inner is test for test in around.tests)
    return isinstance(inner, Unary | Binary)
