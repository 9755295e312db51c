"""SEC440: a record that says yes or no is tested for truth, and is true whatever it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of, siblings
from reviewer.code.reach.links import callee, class_of_value, declared_member, declared_type, named_type
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Unary,
    strip,
)
from reviewer.code.walk import find
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.verdicts import answer_of, awaited, written
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WORDS: Final = TRIGGERS | {"decide", "judge", "decision", "verdict", "authorize", "authorise", "check", "evaluate"}
_DEEPEST: Final = 4
"""Functions whose answer is that of another which are followed."""
_SAYS: Final = frozenset({"allowed", "granted", "permitted", "ok", "authorized", "authorised"})
"""Members of a record that say yes or no."""
_OR_NOTHING: Final = regex(r"\|\s{0,9}(?:undefined|null|None|boolean|false)|Optional|None\s{0,9}\|")
"""What a type says that may also give nothing."""
_TRUTH: Final = frozenset({"__bool__", "__len__"})
"""Methods by which a Python object says itself whether it is true."""


@module_check("SEC440", words=_WORDS)
def record_truth(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is tested for truth for answers that are records by what their function gives."""
    if module.is_test:
        return
    for node in module.some(If, Conditional, Unary):
        for tested in _tested(node):
            asked = _asked(module, tested)
            target = callee(module, asked) if asked is not None else None
            if (
                asked is None
                or _asks_on(node, tested)
                or not (_promises_record(module, asked) if target is None else _gives_records(target))
            ):
                continue
            yield Match(
                node,
                f"'{short(module.text_of(asked))}' answers with a record, and a record is true whatever it says: "
                "nothing is ever refused here.",
            )


def _tested(node: Node) -> list[Expr]:
    """Return the expressions whose truth a node asks for; a negation is asked where it stands."""
    if isinstance(node, Unary):
        return _parts(node.operand) if node.op == "not" else []
    return _parts(node.test) if isinstance(node, If | Conditional) else []


def _asks_on(node: Node, tested: Expr) -> bool:
    """Tell whether the same test, or the next one, asks what the record says: ``if (made && made.outputId)``."""
    name, branch = strip(tested), node.parent if isinstance(node, Unary) else node
    if not isinstance(name, Name) or not isinstance(branch, If | Conditional):
        return False
    tests = [branch.test]
    if isinstance(branch, If):
        beside = siblings(branch)
        behind = beside[beside.index(branch) + 1 :][:1] if branch in beside else []
        tests += [one.test for one in (*branch.body[:1], *behind) if isinstance(one, If)]
    return any(isinstance(held := strip(one.object), Name) and held.id == name.id for one in find(tests, Member))


def _parts(expr: Expr) -> list[Expr]:
    made = strip(expr)
    if isinstance(made, Binary) and made.op in ("and", "or"):
        return [*_parts(made.left), *_parts(made.right)]
    return [expr] if isinstance(made, Call | Name | Await) else []


def _asked(module: Module, expr: Expr) -> Call | None:
    """Return the call whose answer is tested, also where it was given a name first."""
    made: object = awaited(expr)
    if isinstance(made, Name):
        bindings = module.scopes.lookup(made.id, made)
        given = bindings[0] if len(bindings) == 1 else None
        if not isinstance(given, Assign) or not isinstance(given.target, Name) or given.value is None:
            return None
        made = awaited(given.value)
    return made if isinstance(made, Call) else None


def _promises_record(module: Module, call: Call) -> bool:
    """Tell whether the type of what is asked says that it answers with a record: ``ask(…): Promise<Verdict>``."""
    receiver = call.receiver
    owner = named_type(module, declared_type(module, receiver)) if receiver is not None else None
    method = declared_member(owner, call.name) if owner is not None else None
    return method is not None and _gives_records(method)


def _gives_records(function: Function, depth: int = 0) -> bool:
    """Tell whether all answers of a function are records, and one of them refuses: never nothing, never a boolean."""
    if function.signature_only:
        return not _OR_NOTHING.search(function.returns) and _is_verdict(named_type(function.module, function.returns))
    if depth > _DEEPEST:
        return False
    answers = returns_of(function)
    said = [_record(function, answer, depth) for answer in answers]
    return bool(said) and None not in said and any(said)


def _is_verdict(shape: Class | None) -> bool:
    """Tell whether a type is that of a record with a member for the answer, which is true whatever that says."""
    if shape is None or any(method.name in _TRUTH for method in shape.methods):
        return False
    return any(field.name in _SAYS and field.type.strip() in ("boolean", "bool") for field in shape.fields)


def _record(function: Function, answer: Return, depth: int) -> bool | None:
    """Tell whether an answer is a record that may refuse; None where it is no record, or nobody can tell."""
    told = [_told(function, one, depth) for one in written(function, answer.value)]
    return None if not told or None in told else any(told)


def _told(function: Function, value: Expr, depth: int) -> bool | None:
    module = function.module
    if isinstance(value, Object):
        return _refuses(value)
    if not isinstance(value, Call):
        return None
    made = class_of_value(module, value)
    if made is not None and any(method.name in _TRUTH for method in made.methods):
        return None
    if value.name == "freeze" and len(value.args) == 1 and isinstance(strip(value.args[0]), Object):
        return _refuses(value)
    if made is not None and made.kind == "class" and (value.new or value.name == made.name):
        return _refuses(value) if answer_of(value) is not None or _has_answer(value) else None
    target = callee(module, value)
    return _gives_records(target, depth + 1) if target is not None and target is not function else None


def _refuses(value: Object | Call) -> bool | None:
    """Tell whether a record says no or may say it; None where it says neither yes nor no anywhere."""
    said = answer_of(value)
    return said is False if said is not None else True if _has_answer(value) else None


def _has_answer(value: Object | Call) -> bool:
    """Tell whether a record has a field for the answer, which is worked out: ``{ allowed: held.has(scope) }``."""
    if isinstance(value, Object):
        names = {str(key.value) for key, _ in value.entries if isinstance(key, Literal)}
    else:
        names = set(value.keywords)
    return bool(names & _SAYS)
