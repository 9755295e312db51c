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
