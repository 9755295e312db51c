"""The design as one HTML file: its Markdown rendered, its diagrams drawn, every source a link to the trace."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

from reviewer import __version__
from reviewer.core.regex import regex
from reviewer.design.diagrams.drawn import diagrams
from reviewer.design.diagrams.svg import svg
from reviewer.design.documents.tracing import SOURCE
from reviewer.report.html.page import page as framed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it import MarkdownIt

    from reviewer.blueprint.decided import Decided

_TEMPLATE: Final = "design/page.html.j2"
_FRONT: Final = regex(r"\A---\n.*?\n---\n", re.DOTALL)
_OTHER: Final = regex(r"[^a-z0-9]+")
_CODE: Final = regex(r"<code>([^<]+)</code>")
_FIRST: Final = regex(r"<tr>\s*<td><code>(DEC-[A-Za-z0-9._-]+)</code></td>")
_LAST: Final = regex(r"<tr>(?=(?:(?!</tr>).)*<td><code>(IN-[A-Za-z0-9._-]+)</code></td>\s*</tr>)", re.DOTALL)
_ROW: Final = regex(r'<tr id="([^"]+)">')
_BOX: Final = regex(r"<li>\[ \] ")


def page(decided: Decided, whole: str, records: Iterable[tuple[str, str, str]]) -> str:
    """Return the page: the full document, then each decision record; ``records`` are id, path and Markdown."""
    drawn = {name: svg(diagram) for name, diagram in diagrams(decided).items()}
    reader = _reader(drawn)
    body, sections = _rendered(reader, whole, "")
    parts: list[dict[str, Any]] = []
    links = {}
    for name, path, text in records:
        inner, _ = _rendered(reader, text, f"{name.lower()}-")
        parts.append({"id": name, "title": _title(text), "body": inner})
        links[path] = f"#{name.lower()}"
    for path, target in links.items():
        body = Markup(str(body).replace(f'href="{path}"', f'href="{target}"'))  # noqa: S704 - what the reader escaped, with other targets
    body, rows = _anchored(body)
    return framed(_TEMPLATE, {
        "title": f"{decided.design.host.name}: design of the plugin system",
        "version": __version__,
        "sections": sections,
        "body": _traced(body, rows),
        "records": [{**part, "body": _traced(part["body"], rows)} for part in parts],
    })  # fmt: skip


def page_of(title: str, text: str) -> str:
    """Return the page of one document that has neither diagrams nor records."""
    body, sections = _rendered(_reader({}), text, "")
    return framed(_TEMPLATE, {
        "title": title, "version": __version__, "sections": sections, "body": body, "records": [],
    })  # fmt: skip


def _reader(drawn: dict[str, Markup]) -> MarkdownIt:
    """Return a reader of Markdown without raw HTML, which draws what a Mermaid fence names."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")

    def fence(_renderer: Any, tokens: Any, index: int, _options: Any, _env: Any) -> str:
        token = tokens[index]
        picture = drawn.get(token.info.partition(" ")[2].strip())
        if picture is not None:
            return f'<figure class="drawn" tabindex="0">{picture}</figure>\n'
        return f'<pre tabindex="0"><code>{escape(token.content)}</code></pre>\n'

    reader.add_render_rule("fence", fence)
    reader.add_render_rule("table_open", lambda *_: '<div class="wide" tabindex="0"><table>\n')
    reader.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return reader


def _rendered(reader: MarkdownIt, text: str, prefix: str) -> tuple[Markup, list[dict[str, str]]]:
    """Return Markdown as HTML with an id on every heading, and its sections."""
    tokens = reader.parse(_FRONT.sub("", text))
    sections: list[dict[str, str]] = []
    taken: dict[str, int] = {}
    for at, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        title = "".join(child.content for child in tokens[at + 1].children or ())
        slug = _OTHER.sub("-", title.lower()).strip("-") or "section"
        taken[slug] = taken.get(slug, 0) + 1
        name = f"{prefix}{slug}" + (f"-{taken[slug]}" if taken[slug] > 1 else "")
        if prefix and token.tag == "h1":
            name = prefix.rstrip("-")
        token.attrSet("id", name)
        if token.tag == "h2":
            sections.append({"id": name, "title": title})
    return Markup(reader.renderer.render(tokens, reader.options, {})), sections  # noqa: S704 - the reader escapes


def _anchored(body: Markup) -> tuple[Markup, frozenset[str]]:
    """Return the body with an id on the row of every input and every decision, and these ids."""
    text = _FIRST.sub(r'<tr id="\1"><td><code>\1</code></td>', str(body))
    text = _LAST.sub(r'<tr id="\1">', text)
    return Markup(text), frozenset(_ROW.findall(text))  # noqa: S704 - ids of our own, put into what was escaped


def _traced(body: Markup, rows: frozenset[str]) -> Markup:
    """Return the body with every source as a link to its row, and boxes to tick as boxes."""

    def link(found: re.Match[str]) -> str:
        name = found[1]
        if not SOURCE.fullmatch(f"`{name}`"):
            return found[0]
        shown = f"<code>{_breakable(name)}</code>"
        return f'<a class="from" href="#{name}">{shown}</a>' if name in rows else f'<span class="from">{shown}</span>'

    text = _CODE.sub(link, str(body))
    return Markup(_BOX.sub('<li class="box"><span aria-hidden="true">☐</span> ', text))  # noqa: S704 - marks of our own in what was escaped


def _breakable(name: str) -> str:
    """Return an id that may be broken where its words end."""
    return name.replace("_", "_<wbr>").replace(".", ".<wbr>")


def _title(text: str) -> str:
    """Return the title of a record without its number."""
    heading = next(line for line in text.splitlines() if line.startswith("# "))
    return heading.partition(": ")[2].partition(": ")[0]
