"""Which functions and calls answer the question whether somebody may do something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee, lineage
from reviewer.code.reach.made_functions import run_by
from reviewer.code.reach.remembered import remembered
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Expr,
    ExprStatement,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.paths import last_words, path_words, surroundings, word_set
from reviewer.experts.security.deciding.asked_in_steps import asked_in_steps
from reviewer.experts.security.deciding.asked_plainly import asked_plainly, lets_in_fact, looks_for_role
from reviewer.experts.security.deciding.asked_to_refuse import asked_to_refuse, demands, is_refusal, says_refused
from reviewer.experts.security.deciding.entries import answers_from_entry
from reviewer.experts.security.deciding.plain_guards import gives_after_refusing, hands_to_guard, only_refuses
from reviewer.experts.security.deciding.verdicts import (
    answer_of,
    answers_in_records,
    answers_in_words,
    said_in_record,
    surely_decides,
    written,
)
from reviewer.experts.security.vocabulary import ACTIONS, AUDITS, IDENTITIES, PERMISSION, QUESTIONS, VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ADJECTIVES: Final = frozenset(
    "allowed permitted granted authorized authorised entitled forbidden trusted cleared waived exempt exempted".split()
)
_THROWERS: Final = word_set(
    "require requires assert ensure demand enforce check verify guard authorize authorise need expect must gate"
)
"""First words of a function that throws when the answer is no."""
_DEMANDERS: Final = word_set("require requires demand enforce insist")
"""Those of them that are about permission where they are told a right."""
_ASKERS: Final = word_set("can may allows permits")
_ANSWERING_VERBS: Final = frozenset({"allows", "permits", "entitles"})
_PLAIN_ASKERS: Final = frozenset({"may", "allows", "permits"})
"""Those that are about permission whatever they are asked."""
_WATCHERS: Final = frozenset({"guard", "guards", "gate", "warden", "security"})
"""Words of an object that stops calls, of which those that name a right are about permission."""
_OF_EACH: Final = frozenset({"any", "all"})
_OF_EACH_METHODS: Final = frozenset({"some", "every"})
_NOT_ANSWERS: Final = word_set("list get load save read write parse create make build set add describe format")
_REASON: Final = frozenset({"why", "reason", "reasons", "problems", "errors", "label", "text"})

_REFUSALS: Final = word_set("denied refused forbidden unauthorized unauthorised permission access refusal")
"""Words in names of errors that refuse."""
_COMPARES: Final = frozenset({"==", "!=", "<", ">", "<=", ">=", "in", "not in", "instanceof"})
_YES_OR_NO: Final = frozenset("has includes some every any all Boolean bool startswith startsWith".split())
"""Names of calls that anybody reads as yes or no."""
_DEEPEST: Final = 4
_THERE: Final = word_set("asked prompted answered decided recorded known exists present seen reviewed")
"""Last words of a question whether there is an answer yet, and not which."""


def decision_functions(inquiry: Inquiry, module: Module) -> list[Function]:
    """Return the functions of a module whose answer decides what somebody may do; worked out once."""
    return _decisions(module)


def _decisions(module: Module) -> list[Function]:
    return module.once("security.decisions", lambda: _with_helpers(module))


def readers(module: Module, deciding: Function | None = None) -> Iterator[Function]:
    """Yield the functions that decide, or one of them, each with those of the file that it asks."""
    for one in _decisions(module) if deciding is None else [deciding]:
        yield one
        seen = {id(one)}
        for call in find(one.body, Call):
            asked = callee(module, call)
            if asked is not None and asked.module is module and id(asked) not in seen:
                seen.add(id(asked))
                yield asked


def decides(inquiry: Inquiry, module: Module, function: Function) -> bool:
    """Tell whether a function decides what somebody may do, or gives the answer to one that does."""
    return any(function is one for one in decision_functions(inquiry, module))


def hands_on_a_decision(function: Function) -> bool:
    """Tell whether a function is one of those that decide in its file, if only by answering with what others say."""
    return any(function is one for one in _decisions(function.module))


def _with_helpers(module: Module) -> list[Function]:
    """Return the functions that decide by their name, and those whose answer is that of others that decide."""
    found = [function for function in module.functions if is_decision(function)]
    known = {id(function) for function in found}
    for function in found:
        for call in (*_answered_with(module, function), *asked_in_steps(function)):
            target = callee(module, call)
            for one in _with_overrides(module, target) if target is not None else ():
                if one.module is module and id(one) not in known and _answers(one):
                    known.add(id(one))
                    found.append(one)
    for function in _passing_on(module):
        if id(function) not in known:
            known.add(id(function))
            found.append(function)
    return sorted(found, key=lambda function: function.start)


def _with_overrides(module: Module, method: Function) -> Iterator[Function]:
    """Yield a function, and those that stand for it in the classes of the file which inherit it."""
    yield method
    if method.owner is None:
        return
    for cls in module.classes:
        own = cls.method(method.name) if cls is not method.owner else None
        if own is not None and method.owner in lineage(cls):
            yield own


def _passing_on(module: Module) -> Iterator[Function]:
    """Yield the functions that answer with what a question says, whatever they do besides: ``check`` that notes it."""
    for call in module.all(Call):
        around = function_of(call) if is_question(call) else None
        if around is not None and around.name and around.kind != "constructor":
            answers = [one for answer in returns_of(around) for one in written(around, answer.value)]
            given = [one for answer in answers for one in said_in_record(around, answer)]
            if not _answers(around) and not any(isinstance(one, Object) for one in answers):
                continue
            if any(one is call for one in given) and all(one is call or answer_of(one) is not None for one in given):
                yield around


def _answered_with(module: Module, function: Function) -> Iterator[Call]:
    """Yield the calls whose answer a function gives back, at once or through a variable."""
    for node in walk(function.body, into_functions=False):
        if not isinstance(node, Return) or node.value is None:
            continue
        for value in _values(module, strip(node.value)):
            yield from _asked_in(value)


def _values(module: Module, expr: Expr) -> Iterator[Expr]:
    """Yield what an answer is: the expression itself, or all that a variable of the function is given."""
    if not isinstance(expr, Name):
        yield expr
        return
    for binding in module.scopes.lookup(expr.id, expr):
        if isinstance(binding, Assign) and binding.value is not None:
            yield strip(binding.value)


def _asked_in(value: Expr) -> Iterator[Call]:
    """Yield the calls whose answer is a value: a call, a side of ``and`` or ``??``, what ``any(…)`` asks of each."""
    value = strip(value)
    if isinstance(value, Unary) and value.op == "not":
        yield from _asked_in(value.operand)
    elif isinstance(value, Binary) and value.op in ("and", "or", "??"):
        yield from _asked_in(value.left)
        yield from _asked_in(value.right)
    if not isinstance(value, Call):
        return
    if value.name in _OF_EACH and isinstance(value.callee, Name) and value.args:
        each = strip(value.args[0])
        element = strip(each.element) if isinstance(each, Comprehension) else None
        if isinstance(element, Call):
            yield element
    elif value.name in _OF_EACH_METHODS and value.args and isinstance(value.args[0], Function):
        yield from (call for call in walk(value.args[0].body) if isinstance(call, Call))
    elif not is_question(value):
        yield value


def is_decision(function: Function) -> bool:
    """Tell whether a function's answer decides what somebody may do.

    Its name says so, or its parameters do: a question asked of a plugin and an action.
    """
    name = words(_called(function))
    if not name or function.signature_only or function.kind in ("constructor", "setter") or lets_in_fact(function):
        return False
    if set(name) & _REASON or (name[0] in QUESTIONS and name[-1] in _THERE):
        return False
    if surely_decides(function):
        return True
    if not _answers(function):
        return False
    asked_before_refusing = bool(function.params) and function.name in asked_to_refuse(function.module)
    if asked_before_refusing or asked_plainly(function) or (set(name) & _ADJECTIVES and name[0] not in _NOT_ANSWERS):
        return True
    if (name[0] in QUESTIONS | VERBS and set(name) & PERMISSION) or (name[1:] and name[-1] in _ANSWERING_VERBS):
        return True  # isPermitted(addon), scopeAllows(addon, action)
    around = surroundings(function)
    asked = {word for param in function.params for word in (*words(param.name), *words(param.type))}
    if name[0] in QUESTIONS and set(name) & RIGHTS and asked & IDENTITIES and asked & ACTIONS:
        return True  # has_capability(plugin, action)
    if name[0] in _ASKERS | {"covers", "holds", "entitles", "authorize", "authorise"}:
        told = bool(around & PERMISSION or asked & (ACTIONS | PERMISSION) or (name[0] in _PLAIN_ASKERS and asked))
        return told or answers_from_entry(function)
    if name[0] in QUESTIONS | {"has", "guard", "decide", "evaluate", "permission", "access"}:
        about = around | asked if name[0] in ("decide", "evaluate") else around
        return bool(about & PERMISSION) and bool(asked & (ACTIONS | IDENTITIES | PERMISSION))
    asks = bool(set(name) & PERMISSION) and name[0] in ("decide", "evaluate", "resolve", "guard") and bool(asked)
    return asks or answers_from_entry(function)


def _called(function: Function) -> str:
    """Return a function's name; for ``const may = (rules) => (plugin, action) => …`` that of the outer one."""
    outer = function.outer
    if function.name or outer is None or not isinstance(function.parent, Return):
        return function.name
    return outer.name if len(outer.body) == 1 and function.parent.parent is outer else ""


def _answers(function: Function) -> bool:
    """Tell whether a function may give yes or no, as a boolean or in words: not a type guard, whatever is declared."""
    declared = function.returns.replace(" ", "").strip("'\"")
    if not declared:
        return True
    plain = declared in ("boolean", "bool", "Promise<boolean>", "Awaitable[bool]", "Coroutine[Any,Any,bool]")
    return plain or answers_in_words(function) or answers_in_records(function)


def is_guard_function(function: Function) -> bool:
    """Tell whether a function by its name throws where permission is missing."""
    made = function.outer is not None and not function.name and isinstance(function.parent, Return)
    name = words(function.outer.name if made and function.outer is not None else function.name)
    if not name or name[0] not in _THROWERS or function.signature_only:
        return False
    asked = {word for param in function.params for word in (*words(param.name), *words(param.type))}
    return bool((set(name) | surroundings(function)) & PERMISSION) or bool(asked & (ACTIONS | PERMISSION))


def is_question(call: Call) -> bool:
    """Tell whether a call by its name asks for permission and answers yes or no; a guard that throws is none."""
    name = words(call.name)
    if not name or name[0] in _THROWERS or call.new or call.name[:1].isupper() or name[-1] in _REASON:
        return False
    if name[0] in _ASKERS:
        return len(call.args) + len(call.keywords) > 0
    if set(name) & _ADJECTIVES and name[0] in ("is", "are", "has", *_ADJECTIVES):
        return True
    if name[0] in ("has", "is", "holds", "check", "covers", "allows", "permits", "grants", "includes"):
        strong = set(name) | (path_words(call.receiver) if call.receiver is not None else set())
        return bool(strong & PERMISSION) and bool(call.args or call.keywords)
    return False


def is_guard(call: Call) -> bool:
    """Tell whether a call by its name stops whoever has no permission by throwing."""
    name = words(call.name)
    if not name or name[0] not in _THROWERS:
        return False
    strong = set(name) | (path_words(call.receiver) if call.receiver is not None else set())
    of_right = name[0] in _DEMANDERS and any(set(last_words(arg)[-1:]) & (RIGHTS | {"need"}) for arg in call.args)
    return bool(strong & PERMISSION) or of_right or (bool(strong & _WATCHERS) and any(map(_names_right, call.args)))


def _names_right(arg: Expr) -> bool:
    """Tell whether an argument spells out a right: ``'notes.read'``, ``'files:write'``."""
    value = strip(arg)
    if isinstance(value, Member) and value.name[:1].isupper() and path_words(value.object) & PERMISSION:
        return True
    text = value.value if isinstance(value, Literal) and isinstance(value.value, str) else ""
    subject, _, verb = text.replace(":", ".").partition(".")
    return subject.replace("-", "").replace("_", "").isalpha() and verb.replace(".", "").isalpha()


@remembered
def is_check(module: Module, call: Call) -> bool:
    """Tell whether a call decides about permission, by its name or by the function that it reaches."""
    if is_question(call) or is_guard(call):
        return True
    target = run_by(module, call)
    if target is None:
        return call.receiver is not None and call.name in asked_to_refuse(module)
    if set(words(target.name)) == {"guard"} or throws_refusal(target) or hands_to_guard(target, is_guard):
        return True
    return any(target is one for one in _decisions(target.module))


def throws_refusal(function: Function) -> bool:
    """Tell whether a function by its name demands, and throws where a question about permission is answered with no."""
    if not is_guard_function(function):
        return only_refuses(function) or gives_after_refusing(function) or demands(function, _DEMANDERS)
    tests = [node.test for node in walk(function.body, into_functions=False) if isinstance(node, If)]
    thrown = [node for node in walk(function.body, into_functions=False) if isinstance(node, Throw)]
    asked = any(isinstance(part, Call) and is_question(part) for test in tests for part in walk(test))
    return bool(thrown) and (asked or any(_says_refused(one) for one in thrown))


def _says_refused(throw: Throw) -> bool:
    """Tell whether an error says that somebody may not: ``AccessError(…)``, ``new Error(`${who} may not …`)``."""
    made = strip(throw.value) if throw.value is not None else None
    named = isinstance(made, Call) and bool(set(words(made.name)) & _REFUSALS)
    return named or is_refusal(throw) or says_refused([throw])


def checks_in(module: Module, node: Node) -> Iterator[Call]:
    """Yield the calls below a node that decide about permission."""
    for part in walk(node, into_functions=False):
        if isinstance(part, Call) and is_check(module, part):
            yield part


def asks_permission(module: Module, test: Expr) -> bool:
    """Tell whether a condition is about permission: a check, or a look-up in what was granted."""
    for part in walk(test, into_functions=False):
        if looks_for_role(part) or (isinstance(part, Call) and is_check(module, part)):
            return True
        if isinstance(part, Member | Index | Call) and path_words(part) & PERMISSION:
            return True
        if isinstance(part, Name) and part.id != "this":
            origin = module.scopes.origin(part)
            if isinstance(origin, Call) and is_check(module, origin):
                return True
            if set(words(part.id)) & (PERMISSION - {"access"}):
                return True
    return False


_TELLS: Final = AUDITS | word_set("log logger logging console warn warning info debug print")
"""Words of calls that write something down, and go on."""


def gives_boolean(module: Module, function: Function) -> bool:
    """Tell whether every way out of a function is a ``return`` of yes or no, and none a ``throw`` of its own."""
    return _answers_plainly(function, 0)


def _is_boolean(module: Module, expr: Expr, depth: int) -> bool:
    expr = strip(expr)
    if isinstance(expr, Literal):
        return isinstance(expr.value, bool)
    if isinstance(expr, Unary):
        return expr.op == "not"
    if isinstance(expr, Binary):
        if expr.op in _COMPARES:
            return True
        both = expr.op == "??" and _is_boolean(module, expr.left, depth)
        return (both or expr.op in ("and", "or")) and _is_boolean(module, expr.right, depth)
    if isinstance(expr, Conditional):
        return _is_boolean(module, expr.then, depth) and _is_boolean(module, expr.other, depth)
    if isinstance(expr, Call):
        if is_question(expr) or expr.name in _YES_OR_NO:
            return True
        target = callee(module, expr) if depth < _DEEPEST else None
        return target is not None and not expr.new and _answers_plainly(target, depth + 1)
    if isinstance(expr, Name) and depth < _DEEPEST:
        origin = module.scopes.origin(expr)
        return isinstance(origin, Expr) and origin is not expr and _is_boolean(module, origin, depth + 1)
    return False


def _answers_plainly(function: Function, depth: int) -> bool:
    answers = [answer.value for answer in returns_of(function)]
    if not answers or any(True for _ in find(function.body, Throw, into_functions=False)):
        return False
    if function.returns:
        return _answers(function)
    if all(isinstance(one, Literal) and one.value is True for one in answers) and _ends_in_a_call(function):
        return False
    return all(one is not None and _is_boolean(function.module, one, depth) for one in answers)


def _ends_in_a_call(function: Function) -> bool:
    """Tell whether what is no yes ends in a call that nobody here knows: it may throw, as ``irc.error(…)`` does."""
    last = function.body[-1] if function.body else None
    end = strip(last.value) if isinstance(last, ExprStatement) else None
    end = strip(end.value) if isinstance(end, Await) else end
    if not isinstance(end, Call) or callee(function.module, end) is not None:
        return False
    return not (set(words(end.name)) | path_words(end.receiver)) & _TELLS
