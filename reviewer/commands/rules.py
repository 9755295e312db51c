"""The commands ``rules`` and ``explain``: what the rules are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.commands.command import Reply
from reviewer.core.errors import UsageError
from reviewer.report.options import RenderOptions

if TYPE_CHECKING:
    from reviewer.commands.command import Console, Invocation
    from reviewer.library.library import Library


def run(invocation: Invocation) -> Reply:
    """List the rules that are selected, or all."""
    from reviewer.report.rules_table import rules_json, rules_text

    given = invocation.arguments
    rules = library_here(given["configuration"]).select(given["select"])
    if given["format"] == "json":
        return Reply(rules_json(rules))
    if given["format"] == "matrix":
        from reviewer.report.matrix import matrix

        return Reply(matrix(rules))
    return Reply(rules_text(rules, options(invocation.console)))


def explain(invocation: Invocation) -> Reply:
    """Show the page of one rule."""
    from reviewer.report.explain import explain as page

    library, name = library_here(invocation.arguments["configuration"]), invocation.arguments["rule"]
    try:
        rule = library.rule(name)
    except UsageError:
        text = _decision_rule(name, invocation.console)
        if not text:
            raise
        return Reply(text)
    return Reply(page(library.page(rule), options(invocation.console)))


def _decision_rule(name: str, console: Console) -> str:
    """Return the page of a decision rule, which findings about designs name; empty where it is none."""
    from reviewer.blueprint.reading_rules import shipped_rulebook

    rule = shipped_rulebook().rules.get(name.strip().lower())
    if rule is None:
        return ""
    from reviewer.design.telling import rule_text

    return rule_text(rule, options(console))


def library_here(configuration: str, *, pages: bool = False) -> Library:
    """Return the library with the user's own rules, as the configuration of the current folder names them."""
    from reviewer.engine.configuration.effective import govern
    from reviewer.engine.configuration.files import configuration_files, named_configuration
    from reviewer.engine.knowledge import library_of
    from reviewer.engine.request import Request

    here = Path.cwd()
    files = (named_configuration(configuration, here),) if configuration else configuration_files(here)
    return library_of(govern(files, Request()).settings.skills, pages=pages)


def options(console: Console) -> RenderOptions:
    """Return how a page is laid out for a console."""
    return RenderOptions(colour=console.colour, width=console.width, unicode=console.unicode)
