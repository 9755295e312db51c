"""Where a file of a subject lies, as the readers of a report know it: relative to the folder they look from."""

from __future__ import annotations

from typing import Final

from reviewer.core.regex import regex

_DRIVE: Final = regex(r"^[A-Za-z]:")


def segments(*parts: str) -> list[str]:
    """Join paths and return the names in them; nothing that is absolute or climbs is left."""
    joined = "/".join(_DRIVE.sub("", part).replace("\\", "/") for part in parts)
    return [name for name in joined.split("/") if name not in ("", ".", "..")]


def base_of(subject: str, root: str) -> str:
    """Return the path of a subject, relative to ``root`` where it lies below it."""
    path = subject.replace("\\", "/")
    root = root.replace("\\", "/").rstrip("/")
    if root and (path == root or path.startswith(f"{root}/")):
        return path[len(root) :].lstrip("/")
    return path


def below(base: str, path: str) -> tuple[str, ...]:
    """Return the parts of the address of a file of a subject that lies at ``base``.

    A subject that is a single file is its own and only file, and an archive stands for what is
    wrong with it as a whole.
    """
    names = segments(base)
    return (base,) if names and segments(path) == names[-1:] else (base, path)


def relative_path(subject: str, path: str, root: str) -> str:
    """Return the address of a file of a subject as a plain relative path; ``.`` where nothing is left of it."""
    return "/".join(segments(*below(base_of(subject, root), path))) or "."
