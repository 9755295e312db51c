"""Declared types of what comes later: ``Promise<Plugin>``, ``Awaitable[Plugin]``."""

from __future__ import annotations

from typing import Final

from reviewer.core.regex import regex

_LATER: Final = ("Promise<", "PromiseLike<", "Awaitable[", "Coroutine[")
_QUALIFIED: Final = regex(r"^(?:\w{1,40}\.){1,4}")
"""What stands before the name of a type: ``collections.abc.Coroutine[…]``."""
_CLOSING: Final = {"<": ">", "[": "]"}


def is_promise_type(declared: str) -> bool:
    """Tell whether a declared type is a promise or a coroutine, and not a list of them: ``Promise<Plugin>[]``."""
    text = _QUALIFIED.sub("", declared.strip().strip("'\""))
    beginning = next((one for one in _LATER if text.startswith(one)), "")
    if not beginning:
        return False
    opening = beginning[-1]
    depth = 0
    for place in range(len(beginning) - 1, len(text)):
        arrow = text[place] == ">" and text[place - 1] == "="
        depth += (text[place] == opening) - (text[place] == _CLOSING[opening] and not arrow)
        if depth == 0:
            return not text[place + 1 :].lstrip().startswith("[")
    return True


def answers_later(function_type: str) -> bool:
    """Tell whether a type is that of functions which all answer later: ``(id: string) => Promise<Row>``.

    So is ``Callable[[str], Awaitable[Row]]``, with or without what stands in its place where there is none.
    """
    text = function_type.strip().strip("'\"").removesuffix("| None").strip()
    text = _QUALIFIED.sub("", text)
    if text.startswith("Optional[") and text.endswith("]"):
        text = _QUALIFIED.sub("", text[len("Optional[") : -1].strip())
    if text.startswith("Callable[") and text.endswith("]"):
        depth, start = 0, 0
        inner = text[len("Callable[") : -1]
        for place, char in enumerate(inner):
            depth += (char == "[") - (char == "]")
            if char == "," and depth == 0:
                start = place + 1
        return start > 0 and is_promise_type(inner[start:])
    _taken, arrow, answer = text.rpartition("=>")
    answer = answer.strip()
    return bool(arrow) and answer.endswith(">") and "|" not in answer and is_promise_type(answer)
