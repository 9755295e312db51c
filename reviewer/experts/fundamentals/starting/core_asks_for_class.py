"""FUN023: the core of a host asks whether a plugin is of the class of one certain plugin, which it imports for that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Expr, Import, Imported, Name, strip
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.fundamentals.starting.core_imports_plugin import PARTS, lies_in_plugin
from reviewer.experts.fundamentals.vocabulary import FOLDERS
from reviewer.experts.paths import last_words
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_KINDS: Final = frozenset("base abstract error plugin extension addon component promise event".split())
"""Words of a class that many plugins may have above them."""
_PACKAGES: Final = FOLDERS | {"modules", "drivers", "skills", "adapters", "widgets", "features", "apps"}
"""Last words of a package that holds plugins: ``kiln_modules``."""


@module_check("FUN023", words={"instanceof", "isinstance"})
def core_asks_for_class(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each test whether a plugin is of a class that comes from a package of its own."""
    if inquiry.subject.kind != "host" or module.is_test or is_tooling(module.path) or lies_in_plugin(module.path):
        return
    seen: set[str] = set()
    for test, asked, kind in _tests(module):
        bound = module.scopes.lookup(kind.id, kind)
        imported = bound[0] if len(bound) == 1 else None
        if not isinstance(imported, Imported) or imported.source.startswith((".", "node:")) or imported.source in seen:
            continue
        if set(words(kind.id)) & _KINDS or set(words(imported.source)) & PARTS:
            continue
        if not _comes_from_plugins(inquiry, module, imported) and not (
            module.language != "python" and set(last_words(asked)[-1:]) & PLAIN_GUEST
        ):
            continue
        seen.add(imported.source)
        statement = next((one for one in module.all(Import) if one.source == imported.source), None)
        yield Match(
            statement if statement is not None else test,
            f"The core imports '{imported.source}' to ask whether a plugin is its '{imported.name}': it can't be built "
            "or started without that one plugin.",
            related=((test, "asked here"),),
        )


def _tests(module: Module) -> Iterator[tuple[Node, Expr, Name]]:
    """Yield each test for a class, what it asks about, and the class."""
    for test in module.all(Binary):
        if test.op == "instanceof" and isinstance(test.right, Name):
            yield test, test.left, test.right
    for call in module.calls(("isinstance",)) if module.language == "python" else ():
        kind = strip(call.args[1]) if isinstance(call.callee, Name) and len(call.args) > 1 else None
        if isinstance(kind, Name):
            yield call, call.args[0], kind


def _comes_from_plugins(inquiry: Inquiry, module: Module, imported: Imported) -> bool:
    """Tell whether a class is of one module in a package beside the host, which is called by the plugins it holds."""
    package, _, inner = imported.source.partition(".")
    if module.language != "python" or not inner or inquiry.project.target(module.path, imported.source):
        return False
    said = words(package)
    return len(said) > 1 and said[-1] in _PACKAGES and said[0] in words(module.path)
