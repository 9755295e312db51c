"""Which files are source code, in which language, and what the folders around them say."""

from __future__ import annotations

import re
from typing import Final

from reviewer.core.regex import regex

SOURCE_SUFFIXES: Final = {
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "typescript",
    ".py": "python",
    ".pyi": "python",
}
"""Suffix of a source file to its language."""

_DECLARATIONS: Final = (".d.ts", ".d.mts", ".d.cts", ".pyi")
_TEST_FOLDERS: Final = frozenset(
    {"test", "tests", "__tests__", "testing", "testdata", "test-data", "test_data", "spec", "specs", "e2e"}
    | {"fixture", "fixtures", "__fixtures__", "mock", "mocks", "__mocks__"}
    | {"jest", "cypress", "playwright", "test-vault", "integration_tests", "integration-tests", "__integration__"}
)
_TEST_FILE: Final = regex(r"(?:^test_.*|^conftest|.*_test|.*[.-](?:test|spec|e2e|stories|tst|test-d))\.[a-z]{1,4}$")
_TOOL_FOLDERS: Final = frozenset(
    {"scripts", "script", "tools", "tool", "build", "ci", ".ci", ".github", "docs", "doc", "bench", "benchmarks"}
)
_TOOL_FILE: Final = regex(
    r"(?:.*\.config|.*rc|setup|conftest|noxfile|tasks|fabfile|gulpfile|gruntfile|rollup.*|webpack.*|vite.*"
    r"|esbuild.*|version-bump|release|build)\.(?:[cm]?[jt]s|py)$",
    re.IGNORECASE,
)


def language_of(path: str) -> str | None:
    """Return ``javascript``, ``typescript`` or ``python``, or None for a file that is no source."""
    dot = path.rfind(".")
    return SOURCE_SUFFIXES.get(path[dot:].lower()) if dot > path.rfind("/") else None


def is_source(path: str) -> bool:
    """Tell whether the file is source code, declarations included."""
    return language_of(path) is not None


def is_declaration(path: str) -> bool:
    """Tell whether the file declares types alone and holds no code that runs."""
    return path.lower().endswith(_DECLARATIONS)


def is_test(path: str) -> bool:
    """Tell whether a path inside a subject is a test, or data of one."""
    *folders, name = path.split("/")
    return any(folder.lower() in _TEST_FOLDERS for folder in folders) or bool(_TEST_FILE.match(name[:300]))


def is_tooling(path: str) -> bool:
    """Tell whether a path inside a subject is a script or a configuration for its developers."""
    *folders, name = path.split("/")
    return any(folder.lower() in _TOOL_FOLDERS for folder in folders) or bool(_TOOL_FILE.match(name[:300]))
