"""API495: what a server answered is read as data, and nobody asks whether it was an answer or a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try, use_of
from reviewer.code.reach.links import declared_type, definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    If,
    Literal,
    Member,
    Name,
    Param,
    Return,
    Unary,
    While,
    With,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.values.source_words import NETWORKS
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_READS: Final = frozenset({"json", "text"})
_PARSES: Final = frozenset({"JSON.parse", "json.loads"})
_ASKS: Final = frozenset(
    "ok status statusCode status_code raise_for_status is_success is_error statusText reason throwForStatus type "
    "redirected error".split()
)
_VERBS: Final = frozenset("get post put patch delete request".split())
_PYTHON: Final = frozenset({"requests", "httpx"})
_CLIENTS: Final = word_set("session client http requests httpx")
"""Last words of what a program of Python asks servers with."""
_SAID: Final = frozenset(
    "error errors err success ok status code message errcode errmsg fault failed detail Response stat".split()
)
"""Members by which the data itself says that it is none."""
_MISSING: Final = frozenset({"KeyError", "LookupError", "Exception", "BaseException", "TypeError", "IndexError"})
_RECKONS: Final = frozenset({"+", "-", "*", "/", "%"})
_CHECKS: Final = word_set("parse validate check assert ensure verify is decode conform safe guard expect load from")
"""First words of what looks at the data before anybody uses it."""


@module_check("API495", words={"json", "text"})
def answer_status_unread(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each answer of a server that is read as data for a question how it was answered."""
    if module.is_test or is_tooling(module):
        return
    for call in module.calls(_READS):
        if call.args or call.receiver is None or (call.name == "text" and not _is_parsed(module, call)):
            continue
        function = function_of(call)
        asked = _request(module, call.receiver)
        if function is None or asked is None or not _gives_failures(module, asked):
            continue
        if _is_asked_about(module, function, call.receiver) or _is_looked_at(module, call):
            continue
        yield Match(
            call,
            f"Nobody asks how '{short(module.text_of(asked.callee))}' was answered: what a server says of a failure is "
            "read here as if it were what was asked for.",
            related=((asked, "asked here"),) if asked.line != call.line else (),
        )


def _is_parsed(module: Module, read: Call) -> bool:
    """Tell whether a text is taken for data: ``JSON.parse(await reply.text())``."""
    around = use_of(read).by
    return isinstance(around, Call) and module.resolve(around.callee) in _PARSES


def _request(module: Module, reply: Expr) -> Call | None:
    """Return the call whose answer something is: right there, under a name, or handed on by ``then``."""
    reply = strip(reply)
    if isinstance(reply, Call):
        return reply
    bound = module.scopes.lookup(reply.id, reply) if isinstance(reply, Name) else []
    only = bound[0] if len(bound) == 1 and isinstance(reply, Name) else None
    if isinstance(only, Assign) and only.value is not None and isinstance(reply, Name):
        made = strip(only.value)
        return made if isinstance(made, Call) else None
    if isinstance(only, With) and isinstance(reply, Name):
        held = (value for value, target in only.items if isinstance(target, Name) and target.id == reply.id)
        opened = next(held, None)
        made = strip(opened) if opened is not None else reply
        return made if isinstance(made, Call) else None
    function = only.parent if isinstance(only, Param) else None
    chain = function.parent if isinstance(function, Function) else None
    if isinstance(chain, Call) and chain.name == "then" and chain.args[:1] == [function] and chain.receiver is not None:
        work = strip(chain.receiver)
        return work if isinstance(work, Call) else None
    return None


def _gives_failures(module: Module, asked: Call) -> bool:
    """Tell whether a request gives its answer whatever that is, and throws for a broken line alone."""
    if isinstance(definition(module, asked.callee), Function):
        return False  # which may have asked
    if module.language == "python":
        return _of_python(module, asked)
    if asked.name == "fetch" and asked.receiver is None:
        return not module.scopes.lookup("fetch", asked) or _is_handed_in(module, asked)
    said = words(asked.name)
    if asked.receiver is None or not ({"fetch"} & set(said)):
        return False
    declared = declared_type(module, asked)
    if declared:
        return "Response" in declared
    return asked.name == "fetch" and bool(set(last_words(asked.receiver)[-1:]) & (NETWORKS | {"window", "this"}))


def _is_handed_in(module: Module, asked: Call) -> bool:
    """Tell whether a function of that name is a parameter, which stands for the one of the language."""
    return any(isinstance(one, Param) for one in module.scopes.lookup("fetch", asked))


def _of_python(module: Module, asked: Call) -> bool:
    if asked.name == "fetch" and asked.receiver is not None:
        return last_words(asked.receiver)[-1:] == ("network",)  # the host's own: ``context.network.fetch``
    if asked.name not in _VERBS or asked.receiver is None:
        return False
    root = module.resolve(asked.receiver)
    if root in _PYTHON:
        return True
    named = set(last_words(asked.receiver)[-1:]) & _CLIENTS
    asks_by_itself = {"raise", "hooks", "hook"} & module.words and b"raise_for_status" in module.source
    known = {"requests", "httpx", "aiohttp"} & module.words
    return bool(named) and bool(known) and not asks_by_itself


def _is_asked_about(module: Module, function: Function, reply: Expr) -> bool:
    """Tell whether a function asks how a request was answered, or hands the answer to somebody who may."""
    name = strip(reply)
    if not isinstance(name, Name):
        return False  # nothing holds the answer
    around = function
    while around.outer is not None and around.kind == "arrow":
        around = around.outer
    for use in find(around.body, Name):
        if use.id != name.id:
            continue
        above = use.parent
        if isinstance(above, Member) and above.object is use:
            if above.name in _ASKS or above.name not in _READS | {"headers", "url", "body", "content", "clone"}:
                return True
        elif not (isinstance(above, Assign) and above.target is use) and not isinstance(above, With):
            return True  # it is handed on, returned or kept
    return False


def _is_looked_at(module: Module, read: Call) -> bool:
    """Tell whether what was read is asked whether it tells of a failure, or is checked as a whole."""
    use = use_of(read)
    function = function_of(read)
    if function is None or _expects_damage(module, read):
        return True
    if isinstance(use.by, Member) and use.how == "receiver":
        return use.by.name in _SAID | {"get", "catch"}
    if isinstance(use.by, Call) and use.how == "argument":
        return bool(set(words(use.by.name)[:1]) & _CHECKS) and use.by.name != "parse"
    if isinstance(use.by, Assign):
        target = strip(use.by.target)
        return _is_checked(function, target.id) if isinstance(target, Name) else _takes_a_failure(use.by)
    return use.how == "returned" and _is_checked_later(module, function)


def _expects_damage(module: Module, read: Call) -> bool:
    """Tell whether it is caught where the data is none: ``except (ValueError, KeyError)``."""
    around = guarding_try(read)
    kinds = {module.text_of(kind).rpartition(".")[2] for one in around.handlers for kind in one.types} if around else ()
    return module.language == "python" and bool(_MISSING & set(kinds))


def _takes_a_failure(made: Assign) -> bool:
    """Tell whether a pattern takes out what says of a failure: ``const { data, error } = await reply.json()``."""
    return any(isinstance(one, Name) and one.id in _SAID for one in walk(made.target))


def _is_checked(function: Function, data: str) -> bool:
    """Tell whether data under a name is asked what it is, handed back as a whole, or checked as a whole."""
    if any(isinstance(one.value, str) and one.value in _SAID for one in find(function.body, Literal)):
        return True
    return any(_asks(function, use) for use in find(function.body, Name) if use.id == data)


def _asks(function: Function, use: Name) -> bool:
    """Tell whether a use of data is a question: a test, a check by its name, or a member that says of a failure."""
    above: Node | None = use.parent
    inner: Node = use
    if isinstance(above, Member) and above.object is use:
        if above.name in _SAID | {"get"} or above.optional:
            return True
        inner, above = above, above.parent
    if isinstance(above, Call) and above.callee is not inner and set(words(above.name)[:1]) & _CHECKS:
        return above.name != "isArray"
    if isinstance(above, Return) and inner is use:
        return _is_checked_later(function.module, function)
    return isinstance(above, If | While | Conditional | Unary) or (
        isinstance(above, Binary) and above.op not in _RECKONS
    )


def _is_checked_later(module: Module, function: Function) -> bool:
    """Tell whether those who are given the data ask it: the next step of a chain, or a caller in the same file."""
    chain = function.parent
    step = chain.parent if isinstance(chain, Call) and chain.name == "then" else None
    following = step.parent if isinstance(step, Member) and step.name == "then" else None
    if isinstance(following, Call) and following.args:
        given = definition(module, following.args[0])
        first = given.params[0].name if isinstance(given, Function) and given.params else ""
        return not isinstance(given, Function) or (bool(first) and _is_checked(given, first))
    for call in module.calls((function.name,)) if function.name else ():
        caller = function_of(call)
        made = use_of(call).by
        target = strip(made.target) if isinstance(made, Assign) else None
        if caller is not None and isinstance(target, Name) and _is_checked(caller, target.id):
            return True
    return False
