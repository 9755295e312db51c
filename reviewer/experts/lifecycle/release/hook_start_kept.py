"""LIF302: the host starts, and a hook opens something that no hook of its end closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.hooks import hosts_of, implementations
from reviewer.experts.python_package.resources import acquired, given_away, held_as, in_block, released, returned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.python_package.hooks import Implementation

_ENDS: Final = {
    "pytest_configure": "pytest_unconfigure",
    "pytest_sessionstart": "pytest_sessionfinish",
    "pytest_runtest_setup": "pytest_runtest_teardown",
    "on_startup": "on_shutdown",
    "on_config": "on_post_build",
    "on_pre_build": "on_post_build",
}
"""Hooks of a beginning, each with the one in which what it opened is closed."""


@module_check("LIF302", words={"pytest", "plugin"})
def hook_start_kept(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Follow what a hook opens through the module that it stands in."""
    for one in implementations(inquiry, module) if hosts_of(inquiry) else ():
        end = _ENDS.get(one.name)
        if end is None or one.is_on("hookwrapper") or one.is_on("wrapper"):
            continue
        yield from _kept(module, one, end)


def _kept(module: Module, one: Implementation, end: str) -> Iterator[Match]:
    function = one.function
    for call, what in acquired(module, function):
        name = held_as(call)
        if in_block(call) or (name and (given_away(function, name) or returned(function, name, call))):
            continue
        if name and released([*module.body], name):
            continue
        yield Match(
            call,
            f"'{one.name}' opens {what}, and nothing in this module closes it: keep it, and close it in '{end}'.",
        )
