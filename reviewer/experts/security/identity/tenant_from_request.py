"""SEC020: for whom the work is done is what the request says, although the session says it too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import named_type
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Index, Member, Name, Param, strip
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.patterns.vocabulary import TENANTS, names_tenant, spelled
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.values.access import step

if TYPE_CHECKING:
    from reviewer.code.module import Module


_REQUESTS: Final = word_set("request req ctx message msg")
_PARTS: Final = word_set("headers header query body cookies params get")
_KNOWN: Final = word_set("session auth claims identity principal user token jwt login authentication caller verified")
_CREDENTIALS: Final = frozenset({"key", "apikey", "credential", "credentials", "certificate", "grant", "registration"})
"""Words of a record that stands for whoever asks, found by what was proved."""
_WHOM: Final = TENANTS | {"role", "roles", "userid"}
_VISITORS: Final = word_set("visitor viewer actor requester member person admin operator sender subject who session")
_SENT: Final = word_set("args form data payload input values fields options")
"""What a function is given by whoever asks, beside who that is."""
_GUESTS: Final = PLAIN_GUEST | word_set("integration client caller subject sub sender publisher owner")


@module_check("SEC020", words=_KNOWN | _CREDENTIALS | _VISITORS)
def tenant_from_request(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each choice between what a request says and what the session knows."""
    if module.is_test:
        return
    yield from _beside(module)
    for choice, sent, known in _choices(module):
        function = function_of(choice)
        if not _is_sent(sent) or not _is_known(known) or function is None:
            continue
        if _held_against(module, function, choice, known):
            continue
        yield Match(
            choice,
            f"'{short(module.text_of(sent))}' comes before '{short(module.text_of(known))}', and the "
            "sender fills it in: whoever is signed in at one reaches what belongs to all the others.",
        )


def _beside(module: Module) -> Iterator[Match]:
    """Find a tenant that is read from what somebody sends, beside a caller of whom the host knows it."""
    for function in module.functions:
        if len(function.params) < 2:
            continue
        for caller, name in _known_callers(module, function):
            sent = next((one for one in _sent_in(function, name, caller) if not _is_asked_about(module, one)), None)
            if sent is None or _compared(module, function, f"{caller.name}.{name}"):
                continue
            yield Match(
                sent,
                f"'{short(module.text_of(sent))}' says for whom the work is done, and the sender fills it in, although "
                f"'{caller.name}.{name}' is known: whoever is let in at one reaches what belongs to all the others.",
            )


def _known_callers(module: Module, function: Function) -> Iterator[tuple[Param, str]]:
    """Yield the parameters that stand for whoever asks, with the member that says of which tenant they are."""
    for param in function.params:
        said = {*words(param.name), *words(param.type)}
        cls = named_type(module, param.type) if param.type and said & (_KNOWN | _VISITORS) else None
        for field in cls.fields if cls is not None else ():
            if names_tenant(field.name):
                yield param, field.name


def _sent_in(function: Function, name: str, caller: Param) -> Iterator[Expr]:
    """Yield where a member of that name is taken of another parameter, which is what somebody sends."""
    for node in find(function.body, Index | Call | Member):  # type: ignore[arg-type]  # a union works as a kind
        found = step(node)
        holder = strip(found[0]) if found is not None else None
        while isinstance(holder, Member):
            holder = strip(holder.object)
        if found is None or spelled(found[1]) != spelled(name) or not isinstance(holder, Name):
            continue
        sender = next((param for param in function.params if param.name == holder.id and param is not caller), None)
        if sender is not None and set(words(sender.name)) & (_REQUESTS | _PARTS | _SENT):
            yield node


def _is_asked_about(module: Module, sent: Expr) -> bool:
    """Tell whether somebody is asked whether the caller may act there, or it is compared with something."""
    for around in ancestors(sent):
        if isinstance(around, Function):
            return False
        if isinstance(around, Binary) and around.op in ("==", "!=", "in", "not in"):
            return True
        if isinstance(around, Call) and is_check(module, around):
            return True
        if isinstance(around, Assign) and isinstance(around.target, Name):
            text = around.target.id
            function = function_of(around)
            return function is not None and any(
                is_check(module, call) and any(text in names_in(one) for one in call.args)
                for call in calls_in(function.body)
            )
    return False


def _compared(module: Module, function: Function, known: str) -> bool:
    """Tell whether what the host knows is compared with something."""
    return any(
        test.op in ("==", "!=", "in", "not in") and known in (module.text_of(test.left), module.text_of(test.right))
        for test in find(function, Binary)
    )


def _choices(module: Module) -> Iterator[tuple[Expr, Expr, Expr]]:
    """Yield (choice, first, second) of ``a or b``, ``a ?? b`` and ``headers.get(key, b)``."""
    for choice in module.all(Binary):
        if choice.op in ("??", "or"):
            yield choice, choice.left, choice.right
    for call in module.calls(("get", "pop")):
        if len(call.args) == 2 and call.receiver is not None:
            yield call, call, call.args[1]


def _is_sent(expr: Expr) -> bool:
    value = strip(expr)
    if isinstance(value, Call) and value.args and value.name in ("String", "str", "Number", "int"):
        value = strip(value.args[0])
    said = path_words(value)
    return isinstance(value, Member | Index | Call) and bool(said & _REQUESTS) and bool(said & _PARTS)


def _is_known(expr: Expr) -> bool:
    """Tell whether a value is what the host has found out about whoever asks: ``session.tenant``."""
    value = strip(expr)
    if not isinstance(value, Member) or not set(spelled(value.name)) & (_WHOM | _GUESTS):
        return False
    said = path_words(value.object)
    return bool(said & (_KNOWN | _CREDENTIALS)) and not said & _PARTS


def _held_against(module: Module, function: Function, choice: Expr, other: Expr) -> bool:
    """Tell whether what was chosen is compared with what is known, or somebody is asked whether it may be."""
    known = module.text_of(other)
    made = next((one for one in ancestors(choice) if isinstance(one, Assign)), None)
    name = made.target.id if made is not None and isinstance(made.target, Name) else ""
    if _compared(module, function, known):
        return True
    return bool(name) and any(
        is_check(module, call) and any(isinstance(one, Name) and one.id == name for one in call.args)
        for call in calls_in(function)
    )
