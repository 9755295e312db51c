"""Recognises code that no person wrote in this form: minified text and bundles."""

from __future__ import annotations

from typing import Final

from reviewer.core.regex import regex

_LONG_TEXT: Final = regex(rb"\"[^\"\\\n]{200,}+\"|'[^'\\\n]{200,}+'|`[^`\\\n]{200,}+`")
"""A long text without escapes is data, an icon for instance, and says nothing about the code."""
_PUNCTUATION: Final = regex(rb"[{}();=]")
_SPACE: Final = regex(rb"[ \t]")
_SOURCE_MAP: Final = regex(rb"(?m)^[ \t]{0,8}//[#@][ \t]{0,8}sourceMappingURL=")
_HEAD: Final = 1_000
_FLOW: Final = regex(rb"(?m)^[ \t]{0,8}(?://|/\*{1,2}|\*)[ \t]{0,8}@flow\b")
_FLOW_TYPES: Final = regex(
    rb"(?m)^(?:import|export) (?:type|opaque)\b|^import [^\n]{0,200}\btype \w|^(?:type|opaque type|declare) \w"
    rb"|^ {1,8}type \w+,$|\(\w{1,60}\??: [?A-Za-z{(]|^(?:export )?(?:const|let) \w{1,60}: [?A-Za-z{]"
)
"""What no JavaScript has at the beginning of a line, or behind a parameter."""
_LONG_LINE: Final = 5_000
_LONG_AVERAGE: Final = 500
_DENSE_AVERAGE: Final = 160
_SMALL: Final = 1_000
_BUNDLE_FROM: Final = 20_000

_BUNDLERS: Final = (
    ("webpack", regex(rb"(?m)^[^\n]{0,80}(?:function __webpack_require__\(|__webpack_modules__[ \t]{0,4}=)")),
    ("parcel", regex(rb"(?m)^[^\n]{0,80}\bparcelRequire[0-9a-f]{0,8}[ \t]{0,4}=")),
    ("browserify", regex(rb"\(function(?:\(\)\{function)? \w\(\w,\w,\w\)\{function \w\(\w,\w\)\{if\(")),
    ("esbuild", regex(rb"(?m)^var __(?:commonJS|toESM|copyProps) = \(")),
    ("rollup", regex(rb"(?m)^[ \t]{0,8}var commonjsGlobal = typeof globalThis")),
    ("SystemJS", regex(rb"\A[^\n]{0,200}System\.register\(\[")),
)


_CHUNK: Final = regex(rb"\A[^\n]{0,60}\(?(?:self|window|globalThis)(?:\.|\[\")webpackChunk")
"""How webpack begins a chunk that other chunks load, however small it is."""
_PART: Final = regex(rb"(?m)^// (\S{1,300}\.(?:[cm]?[jt]sx?|json|css))[ \t\r]{0,2}$")
"""The name of a part, as esbuild writes it in front."""


def is_minified(data: bytes) -> str:
    """Return why a source file counts as made by a tool, in words, or an empty string.

    The content decides, not the name: long lines of dense code, a source map beside dense code,
    or the wrapper that a well-known bundler puts around modules.
    """
    if _CHUNK.search(data):
        return "bundled by webpack"
    if len(data) < _SMALL:
        return ""
    code = _LONG_TEXT.sub(b'""', data)
    lines = code.split(b"\n")
    average = len(code) // len(lines)
    longest = max(lines, key=len)
    if len(longest) > _LONG_LINE and _dense(longest):
        return f"minified: a line of {len(longest):,} characters"
    if average > _LONG_AVERAGE and _dense(code):
        return f"minified: lines of {average:,} characters on average"
    if average > _DENSE_AVERAGE and _dense(code) and _SOURCE_MAP.search(code):
        return "minified: dense lines and a source map"
    if len(data) > _BUNDLE_FROM:
        for name, pattern in _BUNDLERS:
            if pattern.search(code):
                return f"bundled by {name}"
        parts = _PART.findall(data) if b"node_modules/" in data else []
        if sum(b"node_modules/" in part for part in parts) * 2 > len(parts):
            return "bundled by esbuild, of other packages for the most part"
    return ""


def other_format(path: str, data: bytes) -> str:
    """Return what a file is that only has the suffix of a language, in words: translations of Qt are XML.

    JavaScript with types of Flow is another language, of which a parser of JavaScript makes something else.
    """
    if _FLOW.search(data[:_HEAD]) is not None and _FLOW_TYPES.search(data) is not None:
        return "typed with Flow" if path.lower().endswith((".js", ".jsx", ".mjs", ".cjs")) else ""
    start = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    is_markup = start.startswith((b"<?xml", b"<!DOCTYPE TS"))
    return "XML, no code" if is_markup and path.lower().endswith(".ts") else ""


def _dense(code: bytes) -> bool:
    """Tell whether text is code with little white space; a table of numbers is not code."""
    start = code[:100_000]
    few_spaces = len(_SPACE.findall(start)) * 8 < len(start)
    return few_spaces and len(_PUNCTUATION.findall(start)) * 40 > len(start)
