"""How findings of this expert say where a thing was left."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewer.experts.lifecycle.leaks import Acquisition


def left_how(leak: Acquisition) -> str:
    """Say where something acquired is left, to stand after its name."""
    if leak.fate.how == "kept":
        end = f"{leak.owner.ends[0].name}() never releases it" if leak.owner.ends else "nothing releases it"
        return f"is kept in '{leak.fate.name}', but {end}"
    if not leak.owner.ends:
        return "is dropped, and the plugin has no end that could release it"
    return f"is dropped, so {leak.owner.ends[0].name or 'the end'}() has nothing to release it with"
