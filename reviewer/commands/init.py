"""The command ``init``: looks at a repository and writes a configuration and a workflow that fit it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer import __version__, resources
from reviewer.code.text.languages import analysable, is_test
from reviewer.commands.command import Reply
from reviewer.core.errors import NothingToReviewError, UsageError
from reviewer.core.scale import Severity
from reviewer.engine.configuration.files import FILE, PROJECT_FILE
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.commands.command import Invocation
    from reviewer.core.review import Review

_GITHUB: Final = ".github/workflows/reviewer.yml"
_GITLAB: Final = ".gitlab-ci.yml"
_GITLAB_BESIDE: Final = ".gitlab/reviewer.yml"
"""Where the job goes where there is a pipeline already, which then includes it."""
_FOREIGN: Final = ("vendor", "third_party")
"""Folders whose code is somebody else's."""
_MADE: Final = ("dist", "build", "out")
"""Folders whose code is made from what is beside them, where there is any."""
_MOST_FOLDERS: Final = 2_000
_MOST_NAMED: Final = 12
_LONGEST: Final = 80


def run(invocation: Invocation) -> Reply:
    """Write what is missing, leave what is there, and say which is which."""
    given = invocation.arguments
    top = Path(given["path"] or ".")
    if not top.is_dir():
        raise UsageError(f"{top}: is no folder; name the folder of a repository")
    reviews = _reviews(top)
    said = [f"found {_named(review)}" for review in reviews[:_MOST_NAMED]] or ["found nothing to review yet"]
    excluded = _excluded(top)
    grave = _grave(reviews, excluded)
    settings = "\n".join(_configuration(reviews, excluded, grave)) + "\n"
    for path, text in _files(top, settings, given["ci"] or _guessed(top)):
        said.append(_shown(path, text) if given["dry"] else _write(top, path, text))
    said += _next(top, grave)
    return Reply("\n".join(said) + "\n")


def _reviews(top: Path) -> tuple[Review, ...]:
    """Return a review of what there is; nothing at all is no error here."""
    from reviewer.commands.planning import reviewed_path

    try:
        return reviewed_path(top, strictness="regular").run.reviews
    except NothingToReviewError:
        return ()


def _files(top: Path, settings: str, ci: str) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of what belongs into the repository."""
    project = top / PROJECT_FILE
    if not (project.is_file() and "[tool.reviewer]" in project.read_text("utf-8", "replace")):
        yield FILE, settings
    if ci == "github":
        yield _GITHUB, _workflow("github.yml")
    elif ci == "gitlab":
        yield (_GITLAB_BESIDE if (top / _GITLAB).exists() else _GITLAB), _workflow("gitlab.yml")


def _configuration(reviews: tuple[Review, ...], excluded: list[str], grave: int) -> Iterator[str]:
    yield "# How `reviewer review` looks at this repository; reviewer review --show-settings shows every key."
    for review in reviews[:_MOST_NAMED]:
        yield f"# found: {_named(review)}"
    yield ""
    yield 'fail-on = "high"           # the mildest severity that fails the gate: critical, high, medium, low, info'
    yield '# strictness = "pedantic"  # matters of style, too; "auditor" adds what is only possible'
    if excluded:
        folders = ", ".join(f'"{name}/**"' for name in excluded)
        yield f"exclude = [{folders}]"
    if grave:
        yield ""
        yield f"# {_counted(grave)} at or above high today. To begin from here and fail on new ones alone:"
        yield "#   reviewer review . --write-baseline"
        yield '# baseline = ".reviewer/baseline.json"'


def _workflow(name: str) -> str:
    return (resources.templates() / "init" / name).read_text("utf-8").replace("@VERSION@", __version__)


def _guessed(top: Path) -> str:
    """Return whose workflow fits, by what lies there."""
    if (top / _GITLAB).exists():
        return "gitlab"
    origin = top / ".git" / "config"
    if (top / ".github").is_dir() or not origin.is_file():
        return "github"
    return "gitlab" if "gitlab" in origin.read_text("utf-8", "replace")[:100_000] else "github"


def _write(top: Path, path: str, text: str) -> str:
    """Write a file that is not there yet; raises `UsageError` where it can't be written."""
    place = top / path
    if not place.parent.resolve().is_relative_to(top.resolve()):
        raise UsageError(f"{place.parent}: is a link that leads out of the repository, so nothing is written there")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        return f"left {path} as it is"
    except OSError as error:
        raise UsageError(f"{place}: can't be written: {error.strerror or error}") from error
    return f"wrote {path}"


def _shown(path: str, text: str) -> str:
    return f"\n--- {path}\n{text}"


def _next(top: Path, grave: int) -> Iterator[str]:
    if (top / _GITLAB_BESIDE).exists() and (top / _GITLAB).exists():
        yield f"add to {_GITLAB}:  include: [{{local: {_GITLAB_BESIDE}}}]"
    if grave:
        yield f"next: look at {_counted(grave)} at or above high, or begin with what there is known:"
        yield "  reviewer review . --write-baseline"
    else:
        yield "next: reviewer review ."


def _excluded(top: Path) -> list[str]:
    """Return the folders to leave out; a package that holds nothing but what was built is looked at there."""
    names = (*_FOREIGN, *_MADE) if _has_source(top) else _FOREIGN
    return [name for name in names if (top / name).is_dir()]


def _has_source(top: Path) -> bool:
    """Tell whether there is code beside the folders of built code that does more than make and test the project."""
    for count, (folder, folders, files) in enumerate(os.walk(top)):
        if count == _MOST_FOLDERS:
            return True
        folders[:] = [one for one in folders if one not in (*_FOREIGN, *_MADE, "node_modules") and one[0] != "."]
        paths = (Path(folder, name).relative_to(top).as_posix() for name in files if name[0] != ".")
        if any(analysable(path) and not is_test(path) and not is_tooling(path) for path in paths):
            return True
    return False


def _grave(reviews: tuple[Review, ...], excluded: list[str]) -> int:
    return sum(
        finding.suppressed is None
        and finding.severity.at_least(Severity.HIGH)
        and finding.location.path.split("/")[0] not in excluded
        for review in reviews
        for finding in review.findings
    )


def _named(review: Review) -> str:
    """Name a subject on one line, whatever its manifest says."""
    subject = review.subject
    parts = [f"a {subject.kind}", f"({subject.ecosystem})", "in", subject.path or ".", subject.id]
    return "".join(one if one.isprintable() else "?" for one in " ".join(part for part in parts if part))[:_LONGEST]


def _counted(number: int) -> str:
    return f"{number} finding{'' if number == 1 else 's'}"
