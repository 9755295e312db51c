"""How a function of the subject that validates something says what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Comprehension,
    Expr,
    ExprStatement,
    For,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Template,
    Throw,
    Try,
    With,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import behind, find, function_of, walk
from reviewer.experts.api.vocabulary import is_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

VALIDATES: Final = frozenset("validate validates validation validator lint vet inspect conform conforms audit".split())
"""Words of what looks whether something is as it has to be."""


def tells_itself(validator: Function) -> bool:
    """Tell whether a validator says what it found by something else as well: a callback, or what it marks or fills."""
    given = {param.name for param in validator.params}
    if any(is_this_member(strip(made.target)) for made in find(validator.body, Assign)):
        return True  # self.valid = not found
    for node in find(validator.body, Call):
        root = strip(node.callee)
        if isinstance(root, Name) and root.id in given:
            return True  # report({ messageId: "name" })
        marks = use_of(node).how == "dropped" and not is_log(node)
        while isinstance(root, Member):
            root = strip(root.object)
        if marks and isinstance(node.callee, Member) and isinstance(root, Name) and root.id in given | {"this"}:
            return True  # this.field.setState("wrong")
    return False


def gives_value(function: Function) -> bool:
    """Tell whether a function of the subject returns its verdict and throws none, nor hands back what it was given."""
    if next(find(function.body, Throw), None) is not None or _leaves_it_to_others(function):
        return False
    kind = function.returns.strip().removeprefix(":").strip()
    if kind:
        kind = kind.removeprefix("Promise<").removesuffix(">")
        kind = kind.removeprefix("typing.").removeprefix("t.")
        never = kind in ("never", "NoReturn", "Never")
        return not never and kind not in ("void", "None", "this", "Self") and not kind.startswith("asserts")
    given = [strip(node.value) for node in find(function.body, Return, into_functions=False) if node.value is not None]
    own = {param.name for param in function.params} | {"this"}
    if given and all(_asks_another(function, value) or _answers_nothing(function, value) for value in given):
        return False
    return bool(given) and not all(isinstance(value, Name) and value.id in own for value in given)


def _leaves_it_to_others(function: Function) -> bool:
    """Tell whether a validator only asks another that throws, or is there to be filled in by who derives from it."""
    if all(isinstance(one, ExprStatement) and isinstance(strip(one.value), Literal) for one in function.body):
        return True
    named = (one for one in find(function.body, Member) if VALIDATES & set(words(one.name)))
    called = (call.callee for call in find(function.body, Call) if VALIDATES & set(words(call.name)))
    found = (definition(function.module, one) for one in (*named, *called))  # ``all(map(self._validate, rows))``, too
    return any(
        isinstance(one, Function) and one is not function and next(find(one.body, Throw), None) is not None
        for one in found
    )


def only_refuses(function: Function, depth: int = 1) -> bool:
    """Tell whether a function does nothing but throw where what it is given is not as it has to be."""
    if function.generator or not function.params or any(True for _ in _valued(function)):
        return False
    refuses = False
    for statement in function.body:
        if isinstance(statement, ExprStatement) and depth and _refuses_elsewhere(function, statement):
            refuses = True
            continue
        if isinstance(statement, ExprStatement | With | Try):
            return False
        refuses = refuses or (isinstance(statement, If | For) and any(True for _ in find(statement, Throw)))
        if any(isinstance(one, ExprStatement) or _writes(one) for one in walk(statement, into_functions=False)):
            return False
    return refuses


def _refuses_elsewhere(function: Function, statement: ExprStatement) -> bool:
    """Tell whether a statement calls another function that only refuses: ``must("id" in sheet, "id")``."""
    called = strip(statement.value)
    found = definition(function.module, called.callee) if isinstance(called, Call) else None
    return isinstance(found, Function) and found is not function and only_refuses(found, 0)


def _valued(function: Function) -> Iterator[Return]:
    return (one for one in find(function.body, Return, into_functions=False) if one.value is not None)


def _writes(node: Node) -> bool:
    return isinstance(node, Assign) and not isinstance(node.target, Name)


def tells_texts(function: Function) -> bool:
    """Tell whether a function gives a list of sentences: texts with holes, or with spaces in them."""
    said = [one for answer in _valued(function) if answer.value is not None for one in _items(function, answer.value)]
    return bool(said) and all(
        isinstance(one, Template) or (isinstance(one, Literal) and isinstance(one.value, str) and " " in one.value)
        for one in said
    )


def _items(function: Function, answer: Expr) -> Iterator[Expr]:
    """Yield what is put into a list that a function gives: at once, one by one, or in a comprehension."""
    answer = strip(answer)
    if isinstance(answer, Array):
        yield from answer.items
    elif isinstance(answer, Comprehension):
        yield answer.element
    elif isinstance(answer, Name):
        for call in find(function.body, Call):
            if call.name in ("push", "append") and isinstance(call.receiver, Name) and call.receiver.id == answer.id:
                yield from (strip(one) for one in call.args)


def _answers_nothing(function: Function, value: Expr) -> bool:
    """Tell whether an answer is that of a function of the subject which gives none: ``return this.inspectAll(…)``."""
    while isinstance(value, Await):
        value = strip(value.value)
    other = definition(function.module, value.callee) if isinstance(value, Call) else None
    if not isinstance(other, Function) or not other.body or other.generator:
        return False
    return not any(one.value is not None for one in find(other.body, Return, into_functions=False))


def _asks_another(function: Function, value: Expr) -> bool:
    """Tell whether an answer is that of a validator of somebody else, which may as well throw."""
    while isinstance(value, Await):
        value = strip(value.value)
    if not isinstance(value, Call) or isinstance(definition(function.module, value.callee), Function):
        return False
    part: Expr = value
    while isinstance(part, Call | Member):
        if isinstance(part, Member) and VALIDATES & set(words(part.name)):
            return True
        part = strip(part.callee if isinstance(part, Call) else part.object)
    return isinstance(part, Name) and bool(VALIDATES & set(words(part.id)))


def goes_on(module: Module, call: Call) -> bool:
    """Tell whether what a check is handed is used afterwards, so that the answer is about what goes on."""
    function = function_of(call)
    handed = {given.id for one in call.args if isinstance(given := strip(one), Name)}
    scope = function.body if function is not None else module.body
    return any(node.id in handed and behind(node, call) for node in find(scope, Name))


def listed(call: Call) -> Expr:
    """Return the list that a function makes of all that a validation finds: ``[str(e) for e in v.iter_errors(x)]``."""
    found: Expr = call
    around = call.parent
    while True:
        gone_through = isinstance(around, Comprehension) and any(over is found for _target, over in around.clauses)
        copied = isinstance(around, Call) and around.name in ("list", "sorted", "tuple") and found in around.args[:1]
        if not isinstance(around, Comprehension | Call) or not (gone_through or copied):
            return found
        found, around = around, around.parent
