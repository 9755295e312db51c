"""JSON text in pure ASCII: no character of a stranger stands in it as itself unless it is harmless."""

from __future__ import annotations

import json

from reviewer.core.regex import regex

_COMMAND = regex(r"##(?=[A-Za-z]*\[)")
_LONE_SURROGATE = regex("[\ud800-\udfff]")


def whole(text: str) -> str:
    """Return ``text`` with lone surrogates as ``<U+XXXX>``.

    They stand for bytes of a file name that are no UTF-8. JSON could write them as escapes, and
    then many a reader refuses the whole report.
    """
    if text.isascii():
        return text
    return _LONE_SURROGATE.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


def dump(data: object) -> str:
    """Return JSON in ASCII with two spaces of indentation and a line feed at its end.

    Keys keep their order; strings go through `whole` (keys are ours and need not). What build
    services would take for a command in their log (``##vso[…]``) is spelt so that it means the
    same to readers of JSON and nothing to them.
    """
    text = json.dumps(_whole_strings(data), ensure_ascii=True, allow_nan=False, indent=2)
    return _COMMAND.sub(r"#\\u0023", text) + "\n"


def _whole_strings(data: object) -> object:
    """Copy plain data with every string through `whole`."""
    if isinstance(data, str):
        return whole(data)
    if isinstance(data, dict):
        return {key: _whole_strings(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_whole_strings(value) for value in data]
    return data
