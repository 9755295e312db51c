"""REG004: a name that nothing defines is read when the code comes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.undefined import undefined_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PAGE: Final = frozenset({"window", "document", "jQuery", "$", "localStorage", "sessionStorage"})
"""Names that tell of a page, whose other scripts may define more."""

_SHELLS: Final = frozenset({"__xonsh__", "get_ipython"})
"""Names that tell of a shell, which puts more of them there for its plugins."""


@module_check(
    "REG004", words={"registry", "plugin", "plugins", "extension", "extensions", "register", "module", "def", "export"}
)
def undefined_name(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look up every name that is read inside a function."""
    spoken: set[str] = set()
    error = "NameError" if module.language == "python" else "ReferenceError"
    for name in undefined_names(inquiry, module).values():
        if name.id not in spoken:
            spoken.add(name.id)
            yield Match(
                name,
                f"Nothing defines '{name.id}' here: this line fails with a {error} when it runs.",
                confidence=Confidence.POSSIBLE if _more_may_be_there(module) else None,
            )


def _more_may_be_there(module: Module) -> bool:
    """Tell whether somebody else may put names where a file looks for them: a page's other scripts, a shell."""
    return not (_SHELLS if module.language == "python" else _PAGE).isdisjoint(module.identifiers)
