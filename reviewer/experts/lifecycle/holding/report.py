"""How findings of this expert say where a thing was left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.walk import function_of

if TYPE_CHECKING:
    from reviewer.experts.lifecycle.holding.acquisition import Acquisition


def left_how(leak: Acquisition) -> str:
    """Say where something acquired is left, to stand after its name."""
    if leak.fate.how == "kept":
        end = f"{leak.owner.ends[0].name}() never releases it" if leak.owner.ends else "nothing releases it"
        name = leak.fate.name
        function = function_of(leak.call)
        if function is not None and function.module.language == "python":
            name = name.replace("this.", "self.", 1)
        return f"is kept in '{name}', but {end}"
    start = leak.owner.start
    if not leak.owner.ends and not leak.owner.plugin and start is not None and start is leak.owner.at:
        return f"is dropped by '{start.name}', so that nobody can release it"
    if not leak.owner.ends:
        return "is dropped, and the plugin has no end that could release it"
    end = f"{leak.owner.ends[0].name}()" if leak.owner.ends[0].name else "the end of the plugin"
    return f"is dropped, so {end} has nothing to release it with"
