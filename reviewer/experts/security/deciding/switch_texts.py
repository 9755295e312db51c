"""Switches that are held as texts, ``"on"`` and ``"off"``: both are true where only their truth is asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Index,
    Literal,
    Member,
    Name,
    is_nothing,
    strip,
)
from reviewer.code.walk import find, function_of
from reviewer.core.regex import regex
from reviewer.experts.security.values.given_keys import is_group
from reviewer.experts.security.values.texts import is_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_YES: Final = r"(?:on|yes|y|allow|allowed|true|enabled|enable|granted|grant|permit|permitted|approved|1)"
_NO: Final = (
    r"(?:off|no|n|deny|denied|false|disabled|disable|revoked|blocked|block|forbid|forbidden|refused|rejected|barred|"
    r"never|0)"
)
_BETWEEN: Final = r"(?:(?!\bif\b|\belse\b|==|=>|\?)[\s\w=|,:;/\[\](){}.#*-]){1,32}?"
"""What stands between two texts that are values of one thing; not where one of them is chosen to be told."""
_NEXT: Final = r"\s*,\s*[\"'][\w.:-]{1,40}[\"']\s*:\s*"
"""The key between two values of one record: ``{"valves": "yes", "camera": "no"}``."""
_CHECKED: Final = r"\s*(?:&&|and)\s*[\w.\[\]]{1,40}\s*(?:!==?)\s*"
_PAIR: Final = regex(
    rf"(?i)(?<!\?)(?<!\? )(?<!return )[\"']{_YES}[\"'](?:{_BETWEEN}|{_CHECKED}|{_NEXT})[\"']({_NO})[\"']"
    rf"|(?<!\?)(?<!\? )(?<!return )[\"']({_NO})[\"'](?:{_BETWEEN}|{_CHECKED}|{_NEXT})[\"']{_YES}[\"']"
)
"""The two texts of a switch beside one another: in a list, a type, a table, a note."""
_KEYS: Final = regex(r"(?i)\{\s*(?:on|yes|allow)\s*:\s*true\s*,\s*(off|no|deny)\s*:\s*false\s*,?\s*\}")
_NOTED: Final = regex(
    r"(?im)[=:]\s*(?:on|yes|allow)\s*$(?:[^\n]*\n){1,6}?[^\n]*[=:]\s*(off|no|deny)\s*$"
    r"|[=:]\s*(off|no|deny)\s*$(?:[^\n]*\n){1,6}?[^\n]*[=:]\s*(?:on|yes|allow)\s*$"
)
"""The lines of a sample of settings: ``reprint = on``, ``reprint = off``."""
_DEEPEST: Final = 4
_COMPARES: Final = frozenset({"==", "!="})


def refusing_switch(module: Module, value: Expr) -> str:
    """Return the refusing text that a look-up may give by what the file says of its switches, or an empty string."""
    noted = _noted_beside(module, value)
    if noted:
        return f'"{noted}"'
    said = pair_in(module)
    if not said:
        return ""
    texts = holds_texts(module, value)
    if texts is False or (texts is None and (_is_told_apart(module, value) or _given_yes_or_no(module, value))):
        return ""
    return f'"{said}"'


def _given_yes_or_no(module: Module, value: Expr) -> bool:
    """Tell whether some file of the subject gives a yes or a no to a field of this name: ``admin_only=True``."""
    held = strip(value)
    name = held.name if isinstance(held, Member) else ""
    project = module.project
    if project is None or len(name) < _SHORTEST:
        return False

    def work() -> bool:
        given = re.compile(rf"(?<![\w$]){re.escape(name)}[\"']?\s*[:=]\s*(?:True|False|true|false)\b".encode())
        return any(given.search(text) for _path, text in project.texts({name}))

    return project.once(f"security.yes or no of {name}", work)


def pair_in(module: Module) -> str:
    """Return the text that says no of the two texts of a switch that a file names side by side."""

    def work() -> str:
        source = module.source.decode("utf-8", "replace")
        hit = _PAIR.search(source) or _KEYS.search(source) or _NOTED.search(source)
        return next((text for text in hit.groups() if text), "") if hit is not None else ""

    return module.once("security.pair of switch texts", work)


def _noted_beside(module: Module, value: Expr) -> str:
    """Return the text that says no of a field that is declared as text, with both texts of a switch in a note there.

    ``/** "Y" or "N" */ atNight: string``; not where any file of the subject declares such a field as something else.
    """
    held = strip(value)
    name = held.name if isinstance(held, Member) else ""
    if isinstance(held, Index) and isinstance(held.key, Literal) and isinstance(held.key.value, str):
        name = held.key.value
    project = module.project
    if project is None or len(name) < _SHORTEST:
        return ""

    def work() -> str:
        declared = re.compile(
            rf"^\s*(?:(?:readonly|public|private|protected)\s+)*[\"']?{re.escape(name)}[\"']?\??\s*:\s*([\w.]+)"
        )
        found = ""
        for _path, source in project.texts({name}):
            lines = source.decode("utf-8", "replace").split("\n")
            for at, line in enumerate(lines):
                hit = declared.search(line)
                if hit is None:
                    continue
                if hit[1] in _OTHER_TYPES:
                    return ""
                notes = [one for one in lines[max(0, at - _BESIDE) : at] if one.lstrip()[:1] in ("/", "*", "#")]
                pair = _PAIR.search("\n".join([*notes, line])) if hit[1] in _TEXT_TYPES else None
                found = found or next((text for text in pair.groups() if text), "") if pair is not None else found
        return found

    return project.once(f"security.noted texts of {name}", work)


_SHORTEST: Final = 3
"""Letters of a field's name that is sought in all files."""
_BESIDE: Final = 2
"""Lines before a field in which its note stands."""
_TEXT_TYPES: Final = frozenset({"string", "str", "String", "text", "varchar"})
_OTHER_TYPES: Final = frozenset({"boolean", "bool", "number", "int", "Date", "datetime", "list", "dict"})


def holds_texts(module: Module, value: Expr) -> bool | None:
    """Tell whether a look-up gives a text by what the file puts into its table; None where nothing is put in."""
    return _put_in(module, _table_name(module, value, 0), 0)


def put_into(module: Module, entry: Expr) -> list[Expr]:
    """Return what a file puts into the table that an entry is looked up in."""
    name = _table_name(module, entry, 0)
    return _writes(module).get(name, []) if name else []


def _put_in(module: Module, name: str, depth: int) -> bool | None:
    known: bool | None = None
    for value in _writes(module).get(name, ()) if name and depth < _DEEPEST else ():
        inner = strip(value)
        further = _put_in(module, inner.id, depth + 1) if isinstance(inner, Name) else None
        if further or (further is None and _is_any_text(module, inner)):
            return True
        if further is False or not isinstance(inner, Name | Member):  # of which nobody knows what it holds
            known = False
    return known


def _is_any_text(module: Module, value: Expr) -> bool:
    """Tell whether a value is a text, and so are all that its name is given: a cell, what a pattern matched."""
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    given = [one.value for one in bound if isinstance(one, Assign) and one.value is not None] or [value]
    return any(is_text(module, one) or _is_part_of_text(module, one) for one in given)


def _is_part_of_text(module: Module, value: Expr) -> bool:
    made = module.scopes.origin(value)
    if not isinstance(made, Index):
        return isinstance(made, Member) and is_group(module, made)
    whole = module.scopes.origin(made.object)
    return is_group(module, made) or (isinstance(whole, Call) and whole.name in ("partition", "rpartition", "split"))


def _writes(module: Module) -> dict[str, list[Expr]]:
    """Return what a file puts into its tables, by the last name of the table."""

    def work() -> dict[str, list[Expr]]:
        found: dict[str, list[Expr]] = {}
        for call in module.calls(("set", "setdefault")):
            if call.receiver is not None and len(call.args) == 2:
                found.setdefault(_table_name(module, call.receiver, 0), []).append(call.args[1])
        for assign in module.all(Assign):
            target = strip(assign.target)
            if isinstance(target, Index) and assign.value is not None:
                found.setdefault(_table_name(module, target.object, 0), []).append(assign.value)
        return found

    return module.once("security.what is put into tables", work)


def _table_name(module: Module, value: Expr, depth: int) -> str:
    """Return the name of the table that a value is looked up in: ``rules`` of ``rules.get(a)?.get(b)``."""
    value = strip(value)
    if depth > _DEEPEST * 2:
        return ""
    if isinstance(value, Call) and value.name in ("get", "setdefault") and value.receiver is not None:
        return _table_name(module, value.receiver, depth + 1)
    if isinstance(value, Index):
        return _table_name(module, value.object, depth + 1)
    if isinstance(value, Binary) and value.op in ("or", "??"):
        return _table_name(module, value.left, depth + 1)
    if isinstance(value, Name):
        made = module.scopes.origin(value)
        looked_up = isinstance(made, Index) or (isinstance(made, Call) and made.name == "get" and bool(made.args))
        return _table_name(module, made, depth + 1) if looked_up and isinstance(made, Expr) else value.id
    return value.name if isinstance(value, Member) else ""


def is_used_itself(module: Module, value: Expr) -> bool:
    """Tell whether the same function uses a value, too, so that its truth only says whether there is one.

    ``if (!verdict) return "ask"; return verdict;``
    """
    held, function = strip(value), function_of(value)
    if function is None:
        return False
    text = module.text_of(held).replace("?", "")
    alike = (one for one in find(function.body, type(held)) if one is not held)
    return any(
        use_of(one).how not in ("tested", "dropped", "other") or _is_side_of_comparison(one)
        for one in alike
        if module.text_of(one).replace("?", "") == text and not _is_yes_or_no(one)
    )


def _is_side_of_comparison(one: Expr) -> bool:
    around = use_of(one).by
    if not isinstance(around, Binary) or around.op not in _COMPARES:
        return False
    return not is_nothing(around.right if strip(around.left) is one else around.left)


def _is_yes_or_no(one: Expr) -> bool:
    """Tell whether a value becomes yes or no here, or is what a variable is called where it gets its value."""
    around = one.parent
    if isinstance(around, Assign):
        return around.target is one
    return isinstance(around, Call) and around.name in ("bool", "Boolean") and one in around.args


def _is_told_apart(module: Module, value: Expr) -> bool:
    """Tell whether the file compares something else with the texts of its switches: they are known to be texts."""
    own = module.text_of(strip(value)).replace("?", "")
    for test in module.once("security.compared switches", lambda: [*_comparisons_with_switch(module)]):
        others = [side for side in _sides(test) if not isinstance(side, Literal)]
        if any(module.text_of(side).replace("?", "") != own for side in others):
            return True
    return False


def _comparisons_with_switch(module: Module) -> Iterator[Binary]:
    either = re.compile(f"{_YES}|{_NO}", re.IGNORECASE)
    for test in module.all(Binary):
        if test.op in _COMPARES and not _refuses_others(test):
            texts = (side.value for side in _sides(test) if isinstance(side, Literal))
            if any(isinstance(text, str) and either.fullmatch(text) for text in texts):
                yield test


def _refuses_others(test: Binary) -> bool:
    """Tell whether a comparison is one of two by which any other text is refused: ``x !== "on" && x !== "off"``."""
    around = test.parent
    return test.op == "!=" and isinstance(around, Binary) and around.op == "and"


def _sides(test: Binary) -> tuple[Expr, Expr]:
    return strip(test.left), strip(test.right)
