"""Whether a build could make the file that a manifest names as the entry of a plugin."""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UnreadableError
from reviewer.experts.data.patterns import found
from reviewer.subject.globs import PathGlobs

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry

_PLAIN: Final = (".js", ".mjs", ".cjs")
_BUILDERS: Final = (
    r"(?i)^(tsconfig|rollup|webpack|vite|tsup|esbuild|rspack|rslib|parcel|gulpfile|gruntfile|makefile|babel|\.babelrc|"
    r"\.swcrc|build|justfile|taskfile|bun|deno|turbo|nx|project\.json|dockerfile)"
)
"""How a file of the root begins that says how something is built."""
_LARGEST: Final = 100_000
_RUNS_ONLY: Final = r"^(test|tests|lint|format|start|dev|check|prettier|eslint|typecheck)(:[\w-]+)*$"


def never_built(inquiry: Inquiry, entry: str) -> str:
    """Say why no build makes the file of an entry, or return an empty string where one may.

    What ``package.json`` lists for the package leaves it out, or the sources are of a language that is not compiled
    and nothing in the subject says how anything is built.
    """
    package = _package(inquiry)
    if package is None:
        return ""
    path = posixpath.normpath(entry.replace("\\", "/").lstrip("/"))
    listed = package.get("files")
    texts = [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else []
    if texts and not any("*" in text or text.startswith("!") for text in texts):
        globs = [variant for text in texts for variant in _below(text)]
        if PathGlobs(globs).match(path) is None:
            return "what 'files' of package.json puts into the package has it not, either"
    stem = posixpath.splitext(posixpath.basename(path))[0]
    endings = {
        posixpath.splitext(one)[1]
        for one in inquiry.project.sources
        if posixpath.splitext(posixpath.basename(one))[0] == stem
    }
    scripts = package.get("scripts")
    names = list(scripts) if isinstance(scripts, dict) else []
    if not endings or not endings <= set(_PLAIN) or not all(found(_RUNS_ONLY, one) for one in names):
        return ""
    if any(found(_BUILDERS, posixpath.basename(one)) for one in inquiry.subject.files if "/" not in one):
        return ""
    return "nothing says how it would be built"


def _package(inquiry: Inquiry) -> dict[str, object] | None:
    """Return ``package.json`` of the root, where it can be read."""
    if "package.json" not in inquiry.subject.files:
        return None
    try:
        data = json.loads(inquiry.subject.read("package.json")[:_LARGEST])
    except (UnreadableError, ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _below(text: str) -> tuple[str, str]:
    plain = text.removeprefix("./").strip("/")
    return plain, f"{plain}/**"
