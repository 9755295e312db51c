"""API162: the headers that a plugin gave back go to the browser as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Call,
    Comprehension,
    Expr,
    For,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import HANDLERS, PLUGINS
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_VIEWS: Final = frozenset({"items", "entries"})
_GIVERS: Final = PLUGINS | HANDLERS


@module_check("API162", words={"headers"})
def plugin_answer_as_headers(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each use of the headers of an answer for who gave the answer."""
    if module.is_test:
        return
    for node in module.some(Member, Index, Call):
        holder = _of_headers(node)
        if not isinstance(holder, Name) or not _from_plugin(module, holder) or _is_sifted(module, node):
            continue
        yield Match(
            node,
            f"'{short(module.text_of(node))}' is what the plugin gave back, and all of it goes to the browser: cookies "
            "of the platform, other origins, another policy.",
        )


def _of_headers(node: Node) -> Expr | None:
    """Return the answer whose headers a node takes as a whole, or None."""
    holder: Expr | None = None
    if isinstance(node, Member):
        holder = node.object if node.name == "headers" else None
    elif isinstance(node, Index):
        holder = node.object if _says_headers(node.key) else None
    elif isinstance(node, Call) and node.name == "get" and node.args:
        holder = node.receiver if _says_headers(node.args[0]) else None
    around = node.parent
    part = isinstance(around, Index) or (isinstance(around, Member) and around.name not in _VIEWS)
    return strip(holder) if holder is not None and not part else None


def _says_headers(key: Expr) -> bool:
    return isinstance(key, Literal) and key.value == "headers"


def _from_plugin(module: Module, answer: Name) -> bool:
    """Tell whether an answer is what a plugin was asked for: by its method, or by a call that is handed its name."""
    made = module.scopes.origin(answer)
    if not isinstance(made, Call):
        return False
    asked = [made.receiver, *made.args] if made.receiver is not None else [made.callee, *made.args]
    return any(_is_giver(one) for one in asked if isinstance(strip(one), Name | Member))


def _is_giver(expr: Expr) -> bool:
    said = last_words(strip(expr))
    return bool(said) and said[-1] in _GIVERS and "request" not in said


def _is_sifted(module: Module, node: Node) -> bool:
    """Tell whether the headers are gone through one by one with a test, here or under the name they are given."""
    for around in ancestors(node):
        if isinstance(around, Comprehension):
            return bool(around.tests)
        if isinstance(around, For):
            return any(True for _ in find(around.body, If))
        if isinstance(around, Call) and set(words(around.name)) & {"filter", "pick", "sanitize", "allowed", "clean"}:
            return True
        target = getattr(around, "target", None)
        if isinstance(target, Name) and isinstance(around, Assign):
            uses = [name for name in module.all(Name) if name.id == target.id and name is not target]
            return any(_is_sifted(module, use) for use in uses) or not uses
    return False
