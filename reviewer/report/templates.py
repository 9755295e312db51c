"""Renders the output templates: sandboxed, strict about names, with every value escaped for its format."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reviewer import resources
from reviewer.report.escape.terminal import FIELD_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _environment(finalize: Callable[[Any], Any], *, autoescape: bool) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(str(resources.templates())),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=False,  # each template is rendered once or twice, and folding constants takes longer
        autoescape=autoescape,
        finalize=finalize,
    )


@cache
def _markdown(limit: int) -> ImmutableSandboxedEnvironment:
    from reviewer.report.escape.markdown import inline

    # What is no text is a number, or was made into Markdown by an escaping function already.
    return _environment(lambda value: inline(value, limit) if isinstance(value, str) else value, autoescape=False)


@cache
def _html() -> ImmutableSandboxedEnvironment:
    from reviewer.report.escape.html import text

    return _environment(text, autoescape=True)


def markdown(name: str, values: Mapping[str, Any], limit: int = FIELD_LIMIT) -> str:
    """Return the Markdown of a template; an unknown name is an error.

    Every text that it prints is escaped, and cut after ``limit`` characters.
    """
    return _markdown(limit).get_template(name).render(values)


def html(name: str, values: Mapping[str, Any]) -> str:
    """Return the HTML of a template; every text that it prints is made visible and escaped."""
    return _html().get_template(name).render(values)
