"""Uses of a service whose methods no table knows, told apart by what the manifest itself calls the actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from reviewer.code.text.words import words

if TYPE_CHECKING:
    from collections.abc import Collection

    from reviewer.experts.permission_use import Used


def narrowed(use: Used, asked: Collection[str]) -> Used:
    """Return a use as that of the one action that is asked for and that its method is called after.

    ``context.ui.render()`` is no use of ``ui.modal`` where the manifest has ``ui.render`` as well.
    """
    resource, _, action = use.permission.partition(".")
    method = use.call.rsplit(".", 1)[-1].removesuffix("()")
    if action != "*" or not method.isidentifier():
        return use
    named = {f"{resource}.{one}" for one in (method, *words(method))} & set(asked)
    return replace(use, permission=named.pop()) if len(named) == 1 else use
