"""SEC029: a list of what is refused is held against a name as it comes, where those who use the name fold its case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Delete,
    Expr,
    ExprStatement,
    For,
    Function,
    If,
    Jump,
    Literal,
    Name,
    Node,
    Param,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, path_words, word_set
from reviewer.experts.security.deciding.entries import membership

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_HEADERS: Final = frozenset(
    "authorization proxy-authorization cookie set-cookie x-api-key x-auth-token x-forwarded-for x-real-ip host".split()
)
"""Headers by which somebody is known: HTTP takes them in every spelling."""
_FOLDED: Final = word_set("request req response res incoming reply answer event environ scope headers_in")
"""Holders of headers whose names a library has already put into lower case."""
_WALKS: Final = frozenset({"entries", "keys", "items", "list", "sorted", "dict"})
_FOLDS: Final = frozenset({"toLowerCase", "toLocaleLowerCase", "lower", "casefold", "toUpperCase", "upper"})


@module_check("SEC029", words={"authorization", "cookie", "api", "header", "headers"})
def spelling_not_folded(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list of refused headers for names that are sought in it as they come."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for part in module.all_nodes:
        whole, sought = membership(part)
        if whole is None or not isinstance(strip(sought) if sought is not None else None, Name):
            continue
        if not isinstance(part, Expr) or not _keeps_out(part) or not _names_headers(module, whole):
            continue
        name = strip(sought) if sought is not None else None
        if isinstance(name, Name) and _comes_raw(module, name):
            yield Match(
                part,
                f"'{name.id}' is sought in '{short(module.text_of(whole))}' as it is spelled, and HTTP takes a header "
                "in every spelling: 'Authorization' is not 'authorization' here, and goes through.",
            )


def _keeps_out(test: Expr) -> bool:
    """Tell whether something is left out, hidden or refused where a name is on the list."""
    inner: Node = test
    turned = getattr(test, "op", "") == "not in"
    for around in ancestors(test):
        if isinstance(around, Unary) and around.op == "not":
            turned = not turned
        elif isinstance(around, If):
            return inner is around.test and not turned and _leaves(around)
        elif isinstance(around, Conditional):
            return inner is around.test and not turned and isinstance(strip(around.then), Literal)
        elif isinstance(around, Comprehension):
            return turned and any(inner is one for one in around.tests)
        elif isinstance(around, Function):
            return turned and isinstance(around.parent, Call) and around.parent.name == "filter"
        inner = around
    return False


def _leaves(test: If) -> bool:
    last = test.body[-1] if test.body else None
    return isinstance(last, Throw | Jump | Return | Delete) or _hides(last)


def _hides(statement: Node | None) -> bool:
    """Tell whether a statement puts a fixed text in the place of a value."""
    put = statement.value if isinstance(statement, ExprStatement) else None
    return isinstance(put, Assign) and isinstance(put.value, Literal)


def _names_headers(module: Module, whole: Expr) -> bool:
    """Tell whether a list holds headers by which somebody is known, each in lower case."""
    if "hop" in path_words(whole):
        return False
    texts = _texts(module, whole)
    return bool(set(texts) & (_HEADERS - {"host"})) and all(one == one.lower() for one in texts)


def _texts(module: Module, whole: Expr) -> list[str]:
    made = module.scopes.origin(whole)
    if isinstance(made, Call) and made.name in ("Set", "set", "frozenset", "freeze") and made.args:
        made = module.scopes.origin(made.args[0])
    items = made.items if isinstance(made, Array) else []
    return [str(one.value) for one in map(strip, items) if isinstance(one, Literal) and isinstance(one.value, str)]


def _comes_raw(module: Module, name: Name) -> bool:
    """Tell whether a name is told to the function, or one of the keys of a record that is."""
    bound = module.scopes.lookup(name.id, name)
    if len(bound) != 1:
        return False
    binding = bound[0]
    if isinstance(binding, For):
        return binding.iterable is not None and _is_told(module, binding.iterable)
    if isinstance(binding, Comprehension):
        return any(_is_told(module, source) for _target, source in binding.clauses)
    if not isinstance(binding, Param) or not isinstance(binding.parent, Function):
        return False
    function = binding.parent
    call = function.parent
    if isinstance(call, Call) and function in call.args:  # Object.entries(headers).filter(([name]) => …)
        return call.receiver is not None and _is_told(module, call.receiver)
    return function.name != "" and class_of(function) is None and _asked_raw(module, function)


def _asked_raw(module: Module, function: Function) -> bool:
    """Tell whether a helper of the file is asked about the keys of a record that a function was told."""
    calls = [one for one in module.calls((function.name,)) if one.args]
    names = [strip(one.args[0]) for one in calls]
    return bool(names) and all(isinstance(one, Name) and _comes_raw(module, one) for one in names)


def _is_told(module: Module, source: Expr) -> bool:
    """Tell whether a record is handed over, and no library has put its keys into lower case."""
    made = strip(source)
    for _ in range(4):
        if isinstance(made, Call) and made.name in _WALKS:
            inner = made.args[0] if made.args else made.receiver
            if inner is None:
                return False
            made = strip(inner)
        elif isinstance(made, Call) and made.name in ("filter", "map") and made.receiver is not None:
            if any(isinstance(one, Call) and one.name in _FOLDS for one in find(made, Call)):
                return False
            made = strip(made.receiver)
        elif isinstance(made, Binary) and made.op in ("??", "or"):
            made = strip(made.left)
        else:
            break
    if path_words(made) & _FOLDED or is_this_member(made):
        return False
    origin = module.scopes.origin(made)
    if isinstance(origin, Call) or origin is None:
        return False
    param = origin if isinstance(origin, Param) else None
    if param is not None and {"incoming", "http"} & set(words(param.type)):
        return False
    return param is not None or bool({"headers", "header"} & set(words(last_name(made))))
