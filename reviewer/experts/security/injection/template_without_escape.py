"""SEC622: pages are made from templates that put every value in as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, Spread
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.reaching.sinks import Sink, is_true, sinks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_JINJA: Final = frozenset(
    "jinja2.Environment jinja2.environment.Environment jinja2.sandbox.SandboxedEnvironment "
    "jinja2.sandbox.ImmutableSandboxedEnvironment jinja2.Template".split()
)
_SCRIPT: Final = frozenset("nunjucks.configure nunjucks.Environment handlebars.compile handlebars.create".split())
_PAGE: Final = regex(r"(?i)\.html?\b|text/html|<(?:html|body|div|p|li|td|tr|h[1-6]|a|span|table|ul|section|b)\b")
"""How a file shows that what it makes is a page: the name of a template, a type, an element."""
_PLAIN: Final = regex(r"(?i)markdown|latex|\.tex\b|\.md\b|\.ya?ml\b|\.toml\b|\.sql\b|\.conf\b|text/plain")
"""How a file shows that what it makes is a text for which escaping is wrong."""


@module_check("SEC622", words={"jinja", "jinja2", "nunjucks", "handlebars"})
def template_without_escape(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at how the templates of a file that makes pages are set up."""
    if module.is_test:
        return
    texts = [str(one.value) for one in module.all(Literal) if isinstance(one.value, str)]
    if not any(_PAGE.search(text) for text in texts) or any(_PLAIN.search(text) for text in texts):
        return
    for sink in sinks(module, _JINJA | _SCRIPT):
        told = _told(module, sink)
        if told:
            yield Match(
                sink.call,
                f"{told}: what a person or another plugin wrote is put into the page as it is, markup and scripts too.",
            )


def _told(module: Module, sink: Sink) -> str:
    """Say why the templates don't escape, or give an empty string."""
    call = sink.call
    if sink.name in _JINJA:
        given = call.keywords.get("autoescape")
        if given is None:
            unknown = any(isinstance(arg, Spread) for arg in call.args)
            first = call.arg(0) if sink.name == "jinja2.Template" else None
            page = sink.name != "jinja2.Template" or (
                isinstance(first, Literal) and _PAGE.search(str(first.value)) is not None
            )
            return "" if unknown or not page else f"'{call.name}' escapes nothing unless it is told to"
        off = module.scopes.origin(given)
        return "'autoescape=False'" if isinstance(off, Literal) and off.value is False else ""
    if sink.name.startswith("handlebars"):
        return "'noEscape: true'" if is_true(module, sink.option(module, "noEscape")) else ""
    off = sink.option(module, "autoescape")
    return "'autoescape: false'" if isinstance(off, Literal) and off.value is False else ""
