"""The command ``init``: looks at a repository and writes a configuration and a workflow that fit it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer import __version__, resources
from reviewer.commands.command import Reply
from reviewer.core.errors import NothingToReviewError, UsageError
from reviewer.core.scale import Severity
from reviewer.engine.configuration_file import FILE, PROJECT_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.commands.command import Invocation
    from reviewer.core.review import Review

_GITHUB: Final = ".github/workflows/reviewer.yml"
_GITLAB: Final = ".gitlab-ci.yml"
_GITLAB_BESIDE: Final = ".gitlab/reviewer.yml"
"""Where the job goes where there is a pipeline already, which then includes it."""
_NOT_OWN: Final = ("vendor", "third_party", "dist", "build", "out")
"""Folders whose code is somebody else's, or made from what is beside it."""
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
    for path, text in _files(top, reviews, given["ci"] or _guessed(top)):
        said.append(_shown(path, text) if given["dry"] else _write(top, path, text))
    said += _next(top, reviews)
    return Reply("\n".join(said) + "\n")


def _reviews(top: Path) -> tuple[Review, ...]:
    """Return a review of what there is; nothing at all is no error here."""
    from reviewer.commands.planning import reviewed_path

    try:
        return reviewed_path(top, strictness="regular").run.reviews
    except NothingToReviewError:
        return ()


def _files(top: Path, reviews: tuple[Review, ...], ci: str) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of what belongs into the repository."""
    project = top / PROJECT_FILE
    if not (project.is_file() and "[tool.reviewer]" in project.read_text("utf-8", "replace")):
        yield FILE, "\n".join(_configuration(top, reviews)) + "\n"
    if ci == "github":
        yield _GITHUB, _workflow("github.yml")
    elif ci == "gitlab":
        yield (_GITLAB_BESIDE if (top / _GITLAB).exists() else _GITLAB), _workflow("gitlab.yml")


def _configuration(top: Path, reviews: tuple[Review, ...]) -> Iterator[str]:
    yield "# How `reviewer review` looks at this repository; reviewer review --show-settings shows every key."
    for review in reviews[:_MOST_NAMED]:
        yield f"# found: {_named(review)}"
    yield ""
    yield 'fail-on = "high"           # the mildest severity that fails the gate: critical, high, medium, low, info'
    yield '# strictness = "pedantic"  # matters of style, too; "auditor" adds what is only possible'
    excluded = [f'"{name}/**"' for name in _NOT_OWN if (top / name).is_dir()]
    if excluded:
        yield f"exclude = [{', '.join(excluded)}]"
    grave = _grave(reviews)
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


def _next(top: Path, reviews: tuple[Review, ...]) -> Iterator[str]:
    if (top / _GITLAB_BESIDE).exists() and (top / _GITLAB).exists():
        yield f"add to {_GITLAB}:  include: [{{local: {_GITLAB_BESIDE}}}]"
    grave = _grave(reviews)
    if grave:
        yield f"next: look at {_counted(grave)} at or above high, or begin with what there is known:"
        yield "  reviewer review . --write-baseline"
    else:
        yield "next: reviewer review ."


def _grave(reviews: tuple[Review, ...]) -> int:
    return sum(
        finding.suppressed is None
        and finding.severity.at_least(Severity.HIGH)
        and finding.location.path.split("/")[0] not in _NOT_OWN
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
