"""The formats by name; a format's module is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from reviewer.core.errors import UsageError
from reviewer.core.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.core.review import ReviewRun
    from reviewer.report.options import RenderOptions

Renderer: TypeAlias = "Callable[[ReviewRun, RenderOptions], str]"
"""From a result to the whole text of a report."""

_FORMATS = {
    "text": ("reviewer.report.text", "render_text"),
    "json": ("reviewer.report.json", "render_json"),
    "sarif": ("reviewer.report.sarif", "render_sarif"),
    "github": ("reviewer.report.github", "render_github"),
    "gitlab": ("reviewer.report.gitlab", "render_gitlab"),
    "junit": ("reviewer.report.junit", "render_junit"),
    "markdown": ("reviewer.report.comment", "render_comment"),
    "html": ("reviewer.report.html.render", "render_html"),
}


_CONTEXT = {"html": 2}
"""Lines around each place that a format shows."""


def context_of(name: str) -> int:
    """Return how many lines around each place a format wants to show."""
    return _CONTEXT.get(name, 0)


def format_names() -> tuple[str, ...]:
    """Return the names of the formats, the default first."""
    return tuple(_FORMATS)


def renderer(name: str) -> Renderer:
    """Return the function of a format; an unknown name raises `UsageError`."""
    if name not in _FORMATS:
        known = ", ".join(_FORMATS)
        raise UsageError(f"unknown format {name[:80]!r}{did_you_mean(name, _FORMATS)} (known: {known})")
    module, function = _FORMATS[name]
    found: Renderer = getattr(import_module(module), function)
    return found


def render(run: ReviewRun, format_name: str, options: RenderOptions) -> str:
    """Return the result of a run in a format, with a line feed at its end."""
    return renderer(format_name)(run, options)
