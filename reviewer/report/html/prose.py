"""The Markdown of rule pages as HTML: no raw markup, no pictures, links to https alone."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from reviewer.report.escape.html import link
from reviewer.report.escape.terminal import show

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_TAB = 4


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    reader.validateLink = _followed  # type: ignore[method-assign]  # the library's way to say which links hold
    reader.add_render_rule("fence", _fence)
    return reader


def _followed(url: str) -> bool:
    """Tell whether a link of a page leads anywhere."""
    return bool(link(url))


def prose(markdown: str) -> Markup:
    """Return Markdown of a rule page as HTML, whose markup the reader itself has escaped.

    Characters that act are shown as code points, for pages have them in their examples.
    """
    lines = (show(line.expandtabs(_TAB)) for line in markdown.split("\n"))
    return Markup(_reader().render("\n".join(lines)))  # noqa: S704 - the reader escapes


def _fence(_renderer: Any, tokens: Any, index: int, _options: Any, _env: Any) -> str:
    """Render an example with its path above it; of the info string only these words are shown."""
    from markupsafe import escape

    token = tokens[index]
    path = token.info.partition(" ")[2].strip()
    caption = f"<figcaption>{escape(path)}</figcaption>" if path else ""
    return f'<figure class="example">{caption}<pre tabindex="0"><code>{escape(token.content)}</code></pre></figure>\n'
