"""LIF251, LIF252 and LIF253: what a plugin of Obsidian does to leaves, keeps of views, and lends itself to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Function, Member, Name, strip
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.host.symbols import class_type, type_of
from reviewer.experts.obsidian.plugin import is_plugin_code, means, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RENDERS: Final = {"MarkdownRenderer.render": 4, "MarkdownRenderer.renderMarkdown": 3}
"""Functions that render, and which of their arguments owns what they make."""
_NEAR: Final = 2


@module_check("LIF251", words={"detach"})
def leaves_detached(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what runs when a plugin is switched off."""
    if not is_plugin_code(inquiry, module):
        return
    table = table_of(inquiry)
    for cls in module.classes:
        if table is None or class_type(table, cls) != "Plugin":
            continue
        for call in _at_the_end(cls):
            if call.name == "detachLeavesOfType":
                yield Match(
                    call,
                    "onunload closes the plugin's leaves: after each update people find them gone from where they had "
                    "put them. The app does it by itself.",
                )


def _at_the_end(cls: Class) -> Iterator[Call]:
    """Yield the calls of onunload, and of the methods of the class that it calls."""
    end = cls.method("onunload")
    waiting = [(end, 0)] if end is not None else []
    while waiting:
        method, depth = waiting.pop()
        for call in calls_in(method.body):
            yield call
            inner = cls.method(call.name) if is_this_member(call.callee) else None
            if inner is not None and inner is not method and depth < _NEAR:
                waiting.append((inner, depth + 1))


@module_check("LIF252", words={"register"})
def view_kept(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what makes the views of a plugin."""
    if not is_plugin_code(inquiry, module):
        return
    for call in module.calls({"registerView"}):
        maker = strip(call.args[1]) if len(call.args) > 1 else None
        if not isinstance(maker, Function) or means(inquiry, module, call.callee) != "Plugin#registerView":
            continue
        for assign in find(maker.body, Assign):
            target = strip(assign.target)
            if is_this_member(target) and isinstance(strip(assign.value) if assign.value else None, Call):
                yield Match(
                    assign,
                    f"The plugin keeps its view in '{module.text_of(target)}': the app makes and drops views as it "
                    "likes, and what is kept is soon the wrong one, and never let go.",
                )


@module_check("LIF253", words={"render", "markdown"})
def plugin_as_component(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the component that owns what is rendered."""
    table = table_of(inquiry)
    if table is None or not is_plugin_code(inquiry, module):
        return
    for call in module.calls({"render", "renderMarkdown"}):
        place = _RENDERS.get(means(inquiry, module, call.callee))
        owner = call.arg(place) if place is not None else None
        if owner is None or not isinstance(strip(owner), Name | Member):
            continue
        if type_of(module, table, owner) == "Plugin":
            yield Match(
                owner,
                "The plugin itself owns what is rendered here: embeds and listeners of every rendering stay until the "
                "plugin is switched off.",
            )
