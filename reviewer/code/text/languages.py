"""Which files are source code, in which language, and the grammar that reads them."""

from __future__ import annotations

from functools import cache
from typing import Final

from tree_sitter import Language, Parser

from reviewer.core.regex import regex

SUFFIXES: Final = {
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "typescript",
    ".py": "python",
}
"""File suffix to language."""

DECLARATIONS: Final = (".d.ts", ".d.mts", ".d.cts", ".pyi")
"""Suffixes of files that hold types alone; nothing in them runs."""

_TEST_FOLDERS: Final = frozenset(
    "test tests __tests__ __mocks__ spec specs e2e fixtures testing mocks benchmark benchmarks".split()
)
_TEST_NAME: Final = regex(
    r"(^_?test_|_tests?\.([cm]?[jt]sx?|py|html?)$|^conftest\.py$|[.-](test|spec|mock|tst|test-d|notest)\.[cm]?[jt]sx?$)"
)
_ONLY_TEST: Final = regex(r"^tests?\.([cm]?[jt]sx?|py)$")
"""A file that holds all tests of a small package, at its root; further down it may be a command of that name."""


def language_of(path: str) -> str:
    """Return the language of a file by its suffix, or an empty string."""
    name = path.rsplit("/", 1)[-1].lower()
    if name.endswith(DECLARATIONS):
        return ""
    dot = name.rfind(".")
    return SUFFIXES.get(name[dot:], "") if dot >= 0 else ""


def declared_language(path: str) -> str:
    """Return the language of a file that holds types alone, or an empty string for any other."""
    name = path.rsplit("/", 1)[-1].lower()
    return ("python" if name.endswith(".pyi") else "typescript") if name.endswith(DECLARATIONS) else ""


def analysable(path: str) -> bool:
    """Tell whether a file is source code that the facts can be drawn from."""
    return bool(language_of(path))


def is_test(path: str) -> bool:
    """Tell whether a file is a test by the usual names of the field."""
    *folders, name = path.lower().split("/")
    if (not folders and _ONLY_TEST.search(name)) or name == "tests.py":
        return True
    if any(folder.startswith("test_") or folder.endswith("_tests") for folder in folders):
        return True
    return not _TEST_FOLDERS.isdisjoint(folders) or _TEST_NAME.search(name) is not None


def grammar_of(path: str) -> str:
    """Return the grammar for a file: TypeScript has one for ``.tsx`` and one for the rest."""
    language = language_of(path) or declared_language(path)
    return "tsx" if path.lower().endswith(".tsx") else language


@cache
def grammar(name: str) -> Language:
    """Return the grammar of that name, loaded once."""
    if name == "python":
        import tree_sitter_python

        return Language(tree_sitter_python.language())
    if name == "javascript":
        import tree_sitter_javascript

        return Language(tree_sitter_javascript.language())
    import tree_sitter_typescript

    if name == "tsx":
        return Language(tree_sitter_typescript.language_tsx())
    return Language(tree_sitter_typescript.language_typescript())


def parser(name: str) -> Parser:
    """Return a fresh parser: one that was stopped half-way would go on with the old file."""
    return Parser(grammar(name))
