"""SEC006: a text such as "no" is taken for true."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Binary,
    Call,
    Conditional,
    Expr,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, surroundings
from reviewer.experts.security.deciding.answered_texts import answered_switch
from reviewer.experts.security.deciding.asked_to_refuse import leads_to_refusal
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.deciding.switch_texts import is_used_itself, refusing_switch
from reviewer.experts.security.reaching.sql_columns import column_of, holds_text, named_values
from reviewer.experts.security.values.texts import is_text
from reviewer.experts.security.vocabulary import ANSWERING, PERMISSION, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_NO: Final = (
    r"(?:no|deny|denied|false|off|none|block|blocked|never|forbid|forbidden|disallow|disabled|disable|refused|refuse|"
    r"rejected|revoked|barred|banned)"
)
_DEEPEST: Final = 4
"""Tables in tables that are followed."""
_SWITCHES: Final = frozenset({"Bool", "Boolean", "BooleanField", "bool"})
"""Calls by which a class declares that a member is yes or no."""
_SHORTEST: Final = 4
"""Letters of a field's name that is sought in other files."""
_TEXTS: Final = frozenset("source name type kind id url path key title text label mode".split())
_OF_TABLES: Final = frozenset({"get", "has", "keys", "values", "items", "entries"})
"""Methods of what holds several things."""
_SPAN: Final = 240
"""Characters after a table's name in which a sample value of it is sought."""


@module_check("SEC006", words=ANSWERING)
def text_truth(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find look-ups of texts whose truth decides."""
    if module.is_test:
        return
    spoken: set[int] = set()
    for node in module.some(Call, If, Conditional, Unary, Return):
        for value in _taken_for_truth(node):
            found = _look_up(module, value)
            if (
                found is None
                or id(value) in spoken
                or not (_about(node, found) or leads_to_refusal(module, value))
                or _is_record(value)
                or is_used_itself(module, value)
                or _is_plain_text(found)
                or _is_switch(module, found)
            ):
                continue
            sample = _sample_in_column(module, value) or _stands_in(value) or _sample(module, found)
            if not sample and isinstance(found, Member):
                sample = _said_elsewhere(module, found.name)
            sample = sample or refusing_switch(module, value) or answered_switch(module, value)
            sample = sample or _under_key(module, value)
            if sample:
                spoken.add(id(value))
                text = short(module.text_of(value))
                yield Match(
                    node if isinstance(node, Call | Unary) else value,
                    f"'{text}' gives a text such as {sample}, and every text but the empty one is true.",
                )


def _is_switch(module: Module, found: Expr) -> bool:
    """Tell whether a class of the file declares a member as yes or no by what makes it: ``open = Bool(False)``."""
    name = found.name if isinstance(found, Member) else ""
    declared = (field.value for cls in module.classes for field in cls.fields if name and field.name == name)
    made = (strip(one) for one in declared if one is not None)
    return any(isinstance(one, Call) and one.name in _SWITCHES for one in made)


def _is_plain_text(found: Expr) -> bool:
    """Tell whether a field holds by its name a text of any kind, which is there or not: ``options.source``."""
    return isinstance(found, Member) and bool(set(last_words(found)[-1:]) & _TEXTS)


def _taken_for_truth(node: Node) -> list[Expr]:
    """Return the expressions whose truth a node asks for."""
    if isinstance(node, Call) and node.name in ("Boolean", "bool") and node.receiver is None and len(node.args) == 1:
        return _leaves(node.args[0])
    if isinstance(node, If | Conditional):
        return [] if isinstance(strip(node.test), Unary) else _leaves(node.test)
    if (
        isinstance(node, Unary)
        and node.op == "not"
        and not (isinstance(node.parent, Unary) and node.parent.op == "not")
    ):
        return _leaves(node.operand)
    if isinstance(node, Return) and node.value is not None and isinstance(strip(node.value), Unary):
        return []
    if isinstance(node, Return) and node.value is not None and isinstance(strip(node.value), Binary):
        return _leaves(node.value)[-1:]
    return []


def _leaves(expr: Expr) -> list[Expr]:
    """Return the parts of a condition that are tested by themselves."""
    expr = strip(expr)
    if isinstance(expr, Binary) and expr.op in ("and", "or"):
        return [*_leaves(expr.left), *_leaves(expr.right)]
    if isinstance(expr, Unary) and expr.op == "not":
        return _leaves(expr.operand)
    return [expr] if isinstance(expr, Call | Index | Name | Member) else []


def _look_up(module: Module, expr: Expr) -> Expr | None:
    """Return the table of a look-up that gives one value, or None."""
    expr = strip(expr)
    if isinstance(expr, Name):
        origin = module.scopes.origin(expr)
        if not isinstance(origin, Call | Index):
            return None
        expr = origin
    if isinstance(expr, Call) and expr.name == "get" and expr.receiver is not None and expr.args:
        return expr.receiver
    if isinstance(expr, Call) and expr.args and answered_switch(module, expr):
        return expr
    if isinstance(expr, Call) and expr.name == "getattr" and expr.receiver is None and len(expr.args) > 1:
        return expr.args[0]
    if isinstance(expr, Member) and _is_of_language(module, expr.object):
        return None
    if isinstance(expr, Member) and not is_this_member(expr) and isinstance(strip(expr.object), Name | Call):
        return expr if expr.name not in ("length", "size") else None
    return expr.object if isinstance(expr, Index) else None


def _is_of_language(module: Module, holder: Expr) -> bool:
    """Tell whether something is what the language says of a function or a type: ``spec = getfullargspec(handler)``."""
    made = module.scopes.origin(holder)
    return isinstance(made, Call) and module.resolve(made.callee).startswith(("inspect.", "typing.", "ast."))


def _is_record(value: Expr) -> bool:
    """Tell whether a name holds something that has parts, and so is no text: ``entry`` of ``entry.ropes``."""
    held = strip(value)
    around = function_of(held)
    if not isinstance(held, Name) or around is None:
        return False
    for one in find(around.body, Expr):
        if not isinstance(one, Member | Index) or not isinstance(one.object, Name) or one.object.id != held.id:
            continue
        if isinstance(one, Index) or one.name in _OF_TABLES or not isinstance(one.parent, Call):
            return True
    return False


def _about(node: Node, table: Expr) -> bool:
    if path_words(table) & (PERMISSION | TABLES):
        return True
    function = function_of(node)
    if function is None:
        return False
    return is_decision(function) or bool(
        surroundings(function) & PERMISSION and set(words(function.name)) & {"may", "can"}
    )


def _sample_in_column(module: Module, value: Expr) -> str:
    """Return a refusing text that a column of a database holds by its declaration, or an empty string."""
    declared = column_of(module, value)
    named = named_values(declared) if holds_text(declared) else []
    return next((f'"{text}"' for text in named if re.fullmatch(_NO, text, re.IGNORECASE)), "")


def _stands_in(value: Expr) -> str:
    """Return the refusing text that a look-up itself gives where nothing is found: ``get("blast", fallback="no")``."""
    made = strip(value)
    given = list(made.keywords.values()) + made.args[1:] if isinstance(made, Call) and made.name == "get" else []
    texts = (one.value for one in map(strip, given) if isinstance(one, Literal) and isinstance(one.value, str))
    return next((f'"{text}"' for text in texts if re.fullmatch(_NO, text, re.IGNORECASE)), "")


def _under_key(module: Module, value: Expr) -> str:
    """Return a refusing text that the subject shows under the very key of a look-up: ``row.get("report")``."""
    made = module.scopes.origin(value)
    asked: Expr | None = None
    if isinstance(made, Index):
        asked = made.key
    elif isinstance(made, Call) and made.name == "get":
        asked = made.arg(0)
    written = strip(asked) if asked is not None else None
    named = written.value if isinstance(written, Literal) and isinstance(written.value, str) else ""
    return _said_elsewhere(module, named) if named.isidentifier() else ""


def _said_elsewhere(module: Module, name: str) -> str:
    """Return a refusing text that another file of the subject shows as the value of a field, or an empty string."""
    if module.project is None or len(name) < _SHORTEST:
        return ""

    def work() -> str:
        own = re.escape(name.lower().encode())
        start = own + rb"(?<![a-z0-9]" + own + rb")[\"']?\s*[:=]"
        said = re.compile(start + rf"\s*[\"']({_NO.lower()})[\"']".encode())
        or_other = re.compile(start + rf"[^\n]{{0,40}}(?:\bor|\|)[` ]*[\"']({_NO.lower()})[\"']".encode())
        for _path, text in module.project.texts({name}) if module.project is not None else ():
            lowered = text.lower()  # a pattern that begins with a plain text is found faster than one of both cases
            hits = (one for pattern in (said, or_other) for one in pattern.finditer(lowered))
            hit = next((one for one in hits if not _is_chosen(lowered, one.start())), None)
            if hit is not None:
                return f'"{text[hit.start(1) : hit.end(1)].decode()}"'
        return ""

    return module.project.once(f"security.sample elsewhere {name}", work)


def _is_chosen(text: bytes, at: int) -> bool:
    """Tell whether a name is itself one of two texts: ``rule.enabled ? "enabled" : "disabled"``."""
    return text[:at].rstrip(b"'\"` ").endswith(b"?")


def _sample(module: Module, table: Expr) -> str:
    """Return a refusing text that the table holds, as the file says, or an empty string."""
    name = "".join(last_words(table)[-1:])
    if not name:
        return ""
    held = _refusal_in_table(module, table)
    if held is not None:
        return f'"{held}"' if held else ""
    declared = declared_type(module, table)
    question = f"security.sample.{module.text_of(table)}.{declared}"
    return module.once(question, lambda: _said_in_file(module, table, name, declared))


def _said_in_file(module: Module, table: Expr, name: str, declared: str) -> str:
    """Return a refusing text that the file puts into a table of this name; looked for once for each name."""
    put = _refusal_put_in(module, table)
    if put:
        return f'"{put}"'
    if _filled_with_cells(module, table):
        return '"no"'
    source = module.source.decode("utf-8", "replace")
    if not declared:
        made = re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}\w*\s*=\s*new \w+(<[^\n()]{{1,200}}>)\(", source)
        declared = made[1] if made else ""
    found = _refusal_in_type(module, declared) if declared else ""
    if found:
        return found
    pattern = rf"(?<![A-Za-z0-9]){re.escape(name)}\w*[\"']?\s*[:=][^\n]{{0,{_SPAN}}}?[\"']({_NO})[\"']"
    hit = re.search(pattern, source, re.IGNORECASE)
    return f'"{hit[1]}"' if hit else ""


def _filled_with_cells(module: Module, table: Expr) -> bool:
    """Tell whether every value that is put into a table of this name is a part of a text that was split."""
    text = module.text_of(table)
    puts = [
        call.args[1]
        for call in module.calls(("set",))
        if len(call.args) == 2 and call.receiver is not None and module.text_of(call.receiver) == text
    ]
    return bool(puts) and all(isinstance(module.scopes.origin(one), Index) and is_text(module, one) for one in puts)


def _refusal_put_in(module: Module, table: Expr) -> str:
    """Return a refusing text that a value is compared with before it is put into the table."""
    text = module.text_of(table)
    for call in module.calls(("set", "setdefault")):
        value = strip(call.args[1]) if len(call.args) == 2 else None
        function = function_of(call)
        if not isinstance(value, Name) or call.receiver is None or function is None:
            continue
        if module.text_of(call.receiver) != text:
            continue
        for test in find(function.body, Binary):
            sides = (strip(test.left), strip(test.right))
            if any(isinstance(side, Name) and side.id == value.id for side in sides):
                texts = [part.value for side in sides for part in walk(side) if isinstance(part, Literal)]
                found = next((t for t in texts if isinstance(t, str) and re.fullmatch(_NO, t, re.IGNORECASE)), "")
                if found:
                    return found
    return ""


def _refusal_in_table(module: Module, table: Expr) -> str | None:
    """Return a refusing text of the object that a table, or the table it was looked up in, is written out as.

    It is empty where no value is such a text, and None where nothing with values is written out.
    """
    origin, deep = module.scopes.origin(table), 0
    for _ in range(_DEEPEST):
        if isinstance(origin, Index):
            origin, deep = module.scopes.origin(origin.object), deep + 1
        elif isinstance(origin, Call) and origin.name == "get" and origin.receiver is not None:
            origin, deep = module.scopes.origin(origin.receiver), deep + 1
        elif isinstance(origin, Call) and origin.name == "freeze" and origin.args:
            origin = module.scopes.origin(origin.args[0])
    if not isinstance(origin, Object) or not origin.entries:
        return None
    values: list[Expr] = [origin]
    for _ in range(deep + 1):
        values = [strip(inner) for value in values if isinstance(value, Object) for _key, inner in value.entries]
    texts = (value.value for value in values if isinstance(value, Literal))
    return next((text for text in texts if isinstance(text, str) and re.fullmatch(_NO, text, re.IGNORECASE)), "")


def _refusal_in_type(module: Module, declared: str) -> str:
    """Return a refusing text among the values of a declared table type: a union of texts, or an alias of one."""
    value = declared.rsplit(",", 1)[-1].strip(" >]")
    hit = re.search(rf"[\"']({_NO})[\"']", declared, re.IGNORECASE)
    if hit:
        return f'"{hit[1]}"'
    alias = re.fullmatch(r"[A-Z]\w*", value)
    if alias is None:
        return ""
    source = module.source.decode("utf-8", "replace")
    union = re.search(rf"\b{value}\b[^\n=]{{0,20}}=\s*[^;\n]{{0,160}}?[\"']({_NO})[\"']", source, re.IGNORECASE)
    if union:
        return f'"{union[1]}"'
    enum = re.search(
        rf"\b(?:class|enum)\s+{value}\b[^\n]{{0,60}}\n?(?:[^\n]*\n){{0,8}}?[^\n]*=\s*[\"']({_NO})[\"']",
        source,
        re.IGNORECASE,
    )
    return f'"{enum[1]}"' if enum else ""
