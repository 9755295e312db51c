"""Compares declared types as far as their spelling tells for sure."""

from __future__ import annotations

from typing import Final

from reviewer.core.regex import regex

_LONGEST: Final = 2000
_SIMPLE: Final = frozenset(
    "string number boolean bigint symbol null undefined void never unknown any object true false "
    "str int float bool bytes None dict list tuple set Any complex".split()
)
_LITERAL: Final = regex(r"""^(?:"[^"]*"|'[^']*'|-?\d+(?:\.\d+)?)$""")
_NOTHING: Final = frozenset({"void", "None", "undefined", "never"})
_ABSENT: Final = frozenset({"undefined"})
_ANYTHING: Final = frozenset({"any", "unknown", "Any", "object"})
_OPENING: Final = {"(": ")", "[": "]", "{": "}", "<": ">"}
_SAME: Final = {"undefined": "nothing", "null": "null", "None": "nothing", "void": "nothing"}


def alternatives(text: str) -> frozenset[str]:
    """Return the alternatives of a type; ``string | null``, ``Optional[str]``, ``Literal["a", "b"]`` have two each."""
    plain = " ".join(text[:_LONGEST].split()).strip()
    if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "'\"" and plain.count(plain[0]) == 2:
        inner = plain[1:-1]
        if not inner.replace("-", "").replace(".", "").isidentifier() or "[" in inner or "|" in inner:
            plain = inner  # a forward reference of Python
    found: set[str] = set()
    for part in _split(plain, "|"):
        name, opening, rest = part.partition("[")
        inner = rest[:-1] if rest.endswith("]") else ""
        short = name.strip().rsplit(".", 1)[-1]
        if opening and inner and short in ("Optional", "Union", "Literal"):
            found |= {one for item in _split(inner, ",") for one in alternatives(item)}
            if short == "Optional":
                found.add("None")
        elif part.startswith("(") and part.endswith(")") and _closes(part):
            found |= alternatives(part[1:-1])
        elif part:
            found.add(part.replace('"', "'"))
    if {"true", "false"} <= found:
        found = found - {"true", "false"} | {"boolean"}
    return frozenset(found)


def narrowed(before: str, after: str, *, optional: bool = False) -> tuple[str, ...]:
    """Return the alternatives that a value may no longer be; empty where that can't be told for sure.

    What is ``optional`` afterwards may be undefined, whether its type says so or not.
    """
    return _lost(alternatives(before), alternatives(after) | (_ABSENT if optional else frozenset()))


def widened(before: str, after: str, *, optional: bool = False) -> tuple[str, ...]:
    """Return the alternatives that a value may be now and could not be before; empty where that can't be told.

    What gave nothing at all may give anything: nobody looked at it. What was ``optional`` could be
    undefined before.
    """
    old = alternatives(before)
    if old <= _NOTHING:
        return ()
    return _lost(alternatives(after), old | (_ABSENT if optional else frozenset()))


def _lost(wide: frozenset[str], narrow: frozenset[str]) -> tuple[str, ...]:
    """Return what is in the wide type and not in the narrow one, if all that differs is understood."""
    if not wide or not narrow or narrow & _ANYTHING:
        return ()
    gone = wide - narrow
    if "boolean" in narrow:
        gone -= {"true", "false"}
    if narrow & {"string", "str"}:
        gone = frozenset(one for one in gone if one[:1] not in "'\"")
    if narrow & {"number", "int", "float"}:
        gone = frozenset(one for one in gone if not one.lstrip("-")[:1].isdigit())
    if narrow & {"float"}:
        gone -= {"int"}
    shared = {_SAME.get(one, one) for one in wide & narrow}
    new = narrow - wide
    # A name that is new on the other side may be another word for what is gone.
    if any(not _understood(one) for one in new) and (not shared or any(not _understood(one) for one in gone)):
        return ()
    if not shared and not all(map(_understood, gone | new)):
        return ()
    return tuple(sorted(one for one in gone if shared or _understood(one)))


def _understood(part: str) -> bool:
    return part in _SIMPLE or _LITERAL.match(part) is not None


def unpromised(text: str) -> tuple[str, bool]:
    """Return what a promise or an awaitable is of, and whether it was one."""
    plain = " ".join(text[:_LONGEST].split()).strip("'\"")
    for wrapper, opening, closing in (
        ("Promise", "<", ">"),
        ("PromiseLike", "<", ">"),
        ("Awaitable", "[", "]"),
        ("Coroutine", "[", "]"),
    ):
        if plain.rsplit(".", 1)[-1].startswith(f"{wrapper}{opening}") or plain.startswith(f"{wrapper}{opening}"):
            inner = plain[plain.index(opening) + 1 :]
            inner = inner[:-1] if inner.endswith(closing) else inner
            return _split(inner, ",")[-1], True
    return text, False


def _split(text: str, mark: str) -> list[str]:
    """Split at a mark that stands in no bracket and in no quotes."""
    parts, start, stack, quote = [], 0, [], ""
    for number, one in enumerate(text):
        if quote:
            quote = "" if one == quote else quote
        elif one in "'\"":
            quote = one
        elif one in _OPENING and not (one == "<" and text[number - 1 : number] == "="):
            stack.append(_OPENING[one])
        elif stack and one == stack[-1] and text[number - 1 : number] != "=":
            stack.pop()
        elif one == mark and not stack:
            parts.append(text[start:number].strip())
            start = number + 1
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _closes(text: str) -> bool:
    """Tell whether the first bracket closes at the end, so that the two belong together, and nothing is a function."""
    depth = 0
    for number, one in enumerate(text):
        depth += (one in "([{") - (one in ")]}")
        if depth == 0:
            return number == len(text) - 1
    return False
