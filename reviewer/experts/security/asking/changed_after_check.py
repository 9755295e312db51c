"""SEC029: what is used is another text than the one that was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Name,
    Node,
    Param,
    Template,
    Throw,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import AUDITS, TABLES, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SPELL: Final = frozenset(
    "toLowerCase toUpperCase lower upper casefold trim strip decodeURIComponent unquote decodeURI unescape "
    "normalize unquote_plus toLocaleLowerCase trimStart trimEnd".split()
)
"""Calls that make one text of several spellings."""
_PLACE: Final = frozenset(
    "resolve normalize normpath realpath realpathSync abspath join joinpath decodeURIComponent unquote".split()
)
"""Calls that make one path of several spellings."""
_DECODES: Final = frozenset({"decodeURIComponent", "decodeURI", "unquote", "unquote_plus", "unescape"})
_TRIMS: Final = _DECODES | {"trim", "strip", "lstrip", "trimStart", "removeprefix"}
"""Calls by which a text begins with another sign than before."""
_LISTS: Final = (TABLES | word_set("allowed denied blocked banned forbidden denylist blocklist reserved known")) - {
    "rule"
}
_LOGS: Final = AUDITS | {"log", "warn", "info", "debug", "error", "logger", "warning"}


@module_check(
    "SEC029", words=TRIGGERS | {"blocked", "denied", "banned", "guard", "reserved", "root", "unquote", "decode"}
)
def changed_after_check(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every check of a text for what is made of that text later."""
    if module.is_test:
        return
    for node in module.all_nodes:
        for checked, makers in _checked(module, node):
            change = _changed_later(module, node, checked, makers)
            if change is not None:
                text = short(module.text_of(node))
                yield Match(
                    change,
                    f"'{checked.id}' is checked as it comes ('{text}') and used as '{short(module.text_of(change))}': "
                    "another spelling passes the check.",
                    related=((node, "this looks at the other text"),),
                )
                break


def _checked(module: Module, node: Node) -> Iterator[tuple[Name, frozenset[str]]]:
    """Yield the names that a node checks, with the calls that would undo it."""
    if isinstance(node, Call) and is_check(module, node) and node.name not in ("startsWith", "startswith"):
        for arg in [*node.args, *node.keywords.values()]:
            inner = strip(arg)
            if isinstance(inner, Name) and _is_text(module, inner):
                yield inner, _SPELL
    elif isinstance(node, Call) and node.name in ("has", "includes") and node.receiver is not None and node.args:
        inner = strip(node.args[0])
        if isinstance(inner, Name) and set(last_words(node.receiver)) & _LISTS and _stops(node):
            yield inner, _SPELL
        elif isinstance(strip(node.receiver), Name) and _is_way_out(node.args[0]) and _stops(node):
            yield from ((name, _DECODES) for name in [strip(node.receiver)] if isinstance(name, Name))
    elif isinstance(node, Binary) and node.op in ("in", "not in"):
        inner = strip(node.left)
        whole = strip(node.right)
        if _is_way_out(inner) and isinstance(whole, Name) and _stops(node):
            yield whole, _DECODES
        if isinstance(inner, Name) and set(last_words(node.right)) & _LISTS and _stops(node):
            yield inner, _SPELL
    elif isinstance(node, Call) and node.name.lower() == "startswith" and node.receiver is not None:
        inner = strip(node.receiver)
        if isinstance(inner, Name) and _is_folder(module, node.arg(0)) and _stops(node):
            yield inner, _PLACE
        elif isinstance(inner, Name) and _is_sign(node.arg(0)) and _stops(node):
            yield inner, _TRIMS


def _is_way_out(expr: Expr) -> bool:
    """Tell whether a text is the step out of a folder, which a spelling in per cent signs hides."""
    value = strip(expr)
    return isinstance(value, Literal) and value.value in ("..", "../", "/..")


def _is_sign(expr: Expr | None) -> bool:
    """Tell whether a text is the sign by which something begins that is not to be reached: ``.hidden``, ``/etc``."""
    value = strip(expr) if expr is not None else None
    return isinstance(value, Literal) and value.value in (".", "/", "..", "../", "~", "-", "_")


def _is_folder(module: Module, prefix: Expr | None) -> bool:
    """Tell whether a prefix is a folder, by its name or because it is put together as a path."""
    if prefix is None:
        return False
    made = module.scopes.origin(prefix)
    if isinstance(made, Template) and made.items:
        made = strip(made.items[0])
    while isinstance(made, Binary) and made.op == "+":
        made = strip(made.left)
    joined = isinstance(made, Call) and made.name in _PLACE
    return joined or bool(set(last_words(prefix)) & {"root", "base", "dir", "folder", "prefix"})


def _is_text(module: Module, name: Name) -> bool:
    """Tell whether a name is a parameter or a plain value, and names what is asked for."""
    bindings = module.scopes.lookup(name.id, name)
    if not bindings or not all(isinstance(binding, Param | Assign) for binding in bindings):
        return False
    return not set(words(name.id)) & {"plugin", "user", "session", "ctx", "context", "this"}


def _stops(test: Expr) -> bool:
    """Tell whether a test leads to a refusal."""
    inner: Node = test
    for around in ancestors(test):
        if isinstance(around, If):
            return inner is around.test and refuses(around.body)
        if isinstance(around, Function):
            return False
        inner = around
    return False


def _changed_later(module: Module, node: Node, checked: Name, makers: frozenset[str]) -> Call | None:
    function = function_of(node)
    if function is None or _reassigned(function, checked):
        return None
    for later in after(node):
        if not isinstance(later, Call) or later.name not in makers or not _is_used(later):
            continue
        given = [later.receiver, *later.args] if later.name in _SPELL else list(later.args)
        if any(isinstance(part, Expr) and _same(_first_spelling(part), checked) for part in given):
            return later
    return None


def _first_spelling(part: Expr) -> Expr:
    """Return the text of which another spelling is made, step by step: ``name`` of ``name.normalize("NFKC")``."""
    made = strip(part)
    while isinstance(made, Call) and made.name in _SPELL and made.receiver is not None:
        made = strip(made.receiver)
    return made


def _same(expr: Expr, checked: Name) -> bool:
    return isinstance(expr, Name) and expr.id == checked.id


def _reassigned(function: Function, checked: Name) -> bool:
    assigns = [n for n in walk(function.body) if isinstance(n, Assign) and _same(n.target, checked)]
    return len(assigns) > 1


def _is_used(call: Call) -> bool:
    """Tell whether a changed text goes anywhere but into a record, an error or a comparison."""
    for around in ancestors(call):
        if isinstance(around, Call) and set(words(around.name)) & _LOGS:
            return False
        if isinstance(around, Throw) or (isinstance(around, Binary) and around.op not in ("/", "+")):
            return False
        if isinstance(around, Call | Assign | Index):
            return True
        if isinstance(around, Function):
            return True
    return True
