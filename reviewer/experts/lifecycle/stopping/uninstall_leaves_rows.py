"""LIF047, second part: an uninstallation deletes the plugin's row in a database, and leaves the rows of its grants."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, inside
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.stopping.uninstall_leaves_grants import ENDS, GRANTS, TAKES
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS, has_word
from reviewer.experts.registry.sql_statements import runs
from reviewer.experts.registry.sql_text import CREATE, body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.registry.sql_statements import Run

_HOLE: Final = "x"
"""What stands in a statement for a piece that is not written out, such as the name of a table."""
_REVOKES: Final = frozenset({"revoke", "withdraw", "forget", "purge", "prune", "expire", "cleanup"})
_ENTERS: Final = frozenset({"insert", "replace"})
_KEYS: Final = regex(r"\b(\w{1,60})\s{0,20}=\s{0,20}(?:\?|:\w|@\w|\$|%)")


@module_check("LIF047", words=ENDS | TAKES)
def uninstall_leaves_rows(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the deletion of a plugin's row where rows of its grants are put in and never taken out.

    Where the name of the function does not say that a plugin goes for good, the grants have to stand under the same
    keys as the row, and nothing that only takes out may ever take them.
    """
    if module.is_test or b"cascade" in module.source.lower():
        return
    kept = [one for one in runs(module) if one.verb in _ENTERS and any(has_word(name, GRANTS) for name in one.tables)]
    deletes = [one for one in runs(module) if kept and one.verb == "delete"]
    for function in module.functions if deletes else ():
        said = words(function.name)
        if not said or said[0] not in ENDS | TAKES or not function.params:
            continue
        reached = with_helpers(function)
        gone = [one for one in deletes if any(inside(one.call, helper) for helper in reached)]
        if not gone or any(_HOLE in one.tables for one in gone):
            continue
        out = gone if said[0] in ENDS else [*gone, *(one for one in deletes if _may_go_along(one))]
        left = next((one for one in kept if not any(one.tables & other.tables for other in out)), None)
        if left is None or (said[0] in TAKES and not _same_keys(module, gone[0], left)):
            continue
        yield Match(
            gone[0].call,
            f"'{function.name}' takes the plugin out of '{_table(gone[0])}' and leaves what it was granted in "
            f"'{_table(left)}': whatever is installed under this id next inherits it.",
            related=((left.call, "entered here"),),
        )


def _may_go_along(run: Run) -> bool:
    """Tell whether a function that deletes is there for that, so that who removes the plugin may call it as well."""
    function = function_of(run.call)
    return function is None or not function.name or has_word(function.name, RELEASE_WORDS | TAKES | _REVOKES)


def _table(run: Run) -> str:
    return next(iter(run.tables))


def _same_keys(module: Module, gone: Run, left: Run) -> bool:
    """Tell whether the rows that stay have every column by which the row was deleted."""
    keys = {found.lower() for found in _KEYS.findall(gone.text)}
    return bool(keys) and keys <= _columns(module, _table(left)) | set(re.findall(r"\w+", left.text.lower()))


def _columns(module: Module, table: str) -> set[str]:
    """Return the words in the definition of a table that a text of the same file creates."""
    for node in module.all(Literal):
        text = node.value if isinstance(node.value, str) and "create" in node.value.lower() else ""
        for hit in CREATE.finditer(text):
            if hit.group(1).lower() == table:
                return set(re.findall(r"\w+", body(text, hit.end()).lower()))
    return set()
