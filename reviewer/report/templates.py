"""Renders the output templates: sandboxed, strict about names, with every value escaped for its format."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reviewer import resources
from reviewer.report.escape.markdown import inline

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def _markdown() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(str(resources.templates())),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: inline(value) if isinstance(value, str) else value,
    )


def markdown(name: str, values: Mapping[str, Any]) -> str:
    """Return the Markdown of a template; every text that it prints is escaped, and an unknown name is an error."""
    return _markdown().get_template(name).render(values)
