"""SEC284: the script of a hook hands on a path or text that it was told without quotes around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.experts.assistant.told import assigned, holds, scripts_of_hooks
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_TEXTS: Final = (
    r"\.(file_path|path|notebook_path|command|prompt|user_prompt|pattern|content|url|query|cwd|transcript_path|"
    r"new_string|old_string|description)\b"
)
"""Members of a hook's input that may hold a space or a star."""
_TAKEN_APART: Final = r"\$\{\w+(##?|%%?)|\b(basename|dirname|realpath|readlink|tr|sed|cut|xargs)\b"
_COUNTED: Final = r"\bwc\b|\|\s*length\b|\bgrep\s+-\w*c|test\("
"""What gives a number or an answer."""
_WHOLE: Final = regex(r"^\"?\$\{?\w{1,80}\}?\"?\s*(?:[;&|].*)?$")
_NOT_SPLIT: Final = regex(r"(?:^|[;&|(\s])(?:[A-Za-z_]\w{0,80}=|case\s{1,5}|<<<\s{0,5})$")
"""What stands before a value that a shell takes as one word without quotes."""
_HARMLESS: Final = regex(
    r"^(?:[^\s()]{1,80}\)\s{1,9})?(?:(?:if|elif|while|then|do|!)\s{1,5})*(?:for|echo|printf|exit|return|case|log\w{0,20})\b"
)
_SIGNS: Final = regex(r"\\.|\$\(\(|\$\(|\)\)|\)|\"|'|\[\[ | \]\]|\$\{?([A-Za-z_]\w{0,80})\b")
_CLOSES: Final = {'"': '"', "'": "'", "$(": ")", "$((": "))", "[[ ": " ]]"}
"""What closes each kind of brackets."""
_STARTS: Final = regex(r"&&|\|\||[|;]")


@subject_check("SEC284")
def hook_input_unquoted(inquiry: Inquiry) -> Iterator[Match]:
    """Look in each script of a hook at the variables that hold what it was told, outside of quotes."""
    for path, lines in scripts_of_hooks(inquiry):
        texts: set[str] = set()
        for line in lines:
            name = next((name for name in _bare(line.text) if name in texts), "") if texts else ""
            if name:
                yield Match(
                    line.place(path),
                    f"'${name}' holds what the hook was told about the tool and stands without quotes: a space in it "
                    "makes two words and a star a list of files, so something else is looked at.",
                )
                break
            texts |= {held for held, value in assigned(line) if _is_text(value, texts)}


def _is_text(value: str, texts: set[str]) -> bool:
    """Tell whether a variable is given a text of the input, or a part of one that may hold a space as well."""
    if found(_TEXTS, value):
        return not found(_COUNTED, value)
    return holds(value, texts) and (_WHOLE.match(value) is not None or found(_TAKEN_APART, value))


def _bare(text: str) -> Iterator[str]:
    """Yield the variables that a shell takes apart into words where they stand in a line."""
    for start, end, part in _commands(text):
        if _HARMLESS.match(part.strip()):
            continue
        for place, name in _outside_quotes(text[start:end]):
            if not _NOT_SPLIT.search(text[start : start + place]):
                yield name


def _commands(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the commands of a line, each with its place; signs within quotes part nothing."""
    blank = re.sub(r"\"[^\"]*\"|'[^']*'", lambda hit: "_" * len(hit[0]), text)
    start = 0
    for hit in _STARTS.finditer(blank):
        yield start, hit.start(), text[start : hit.start()]
        start = hit.end()
    yield start, len(text), text[start:]


def _outside_quotes(text: str) -> Iterator[tuple[int, str]]:
    """Yield the places of variables outside of quotes, ``[[ ]]`` and arithmetic; what is run in quotes is outside."""
    around: list[str] = []
    for hit in _SIGNS.finditer(text):
        sign, inner = hit[0], around[-1] if around else ""
        if _CLOSES.get(inner) == sign:
            around.pop()
        elif inner == "'" or (inner == '"' and sign not in ("$(", "$((")):
            continue
        elif sign in _CLOSES:
            around.append(sign)
        elif sign == "))" and around[-2:] == ["$(", "$("]:
            del around[-2:]
        elif hit[1] and inner in ("", "$("):
            yield hit.start(), hit[1]
