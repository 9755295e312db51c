"""FUN017: the names that the code lets in are none that the database takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.walk import function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, subject_check
from reviewer.experts.fundamentals.held_patterns import tested
from reviewer.experts.fundamentals.identity.id_grammar_differs import accepted
from reviewer.experts.fundamentals.pattern_texts import text_of
from reviewer.experts.fundamentals.vocabulary import spelled
from reviewer.experts.paths import said_in, surroundings
from reviewer.experts.place import locate
from reviewer.experts.registry.sql_text import CREATE, body, place, sql_files
from reviewer.experts.registry.vocabulary import PLUGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_COLUMNS: Final = ("name", "id", "slug", "plugin_id", "identifier")
_CHECK: Final = regex(
    r"\bcheck\s*\(\s*[\"`\[]?(\w+)[\"`\]]?\s*(?:~\*?|regexp|rlike|similar\s+to)\s*'((?:[^']|'')*)'", re.IGNORECASE
)
_TESTS: Final = ("test", "match", "fullmatch", "exec", "search")
_MANIFESTS: Final = frozenset({"manifest", "descriptor", "package", "plugin", "extension", "addon", "upload"})


@subject_check("FUN017")
def id_grammar_in_sql(inquiry: Inquiry) -> Iterator[Match]:
    """Hold what tables of plugins take for a name against what the code lets in."""
    checks = [found for path, text in sql_files(inquiry.subject) for found in _checks(path, text)]
    if not checks:
        return
    spoken = list(_spoken(inquiry, {name for name, _pattern, _place in checks}))
    for name, pattern, at in checks:
        taken = accepted(pattern)
        for other, grammar, where in spoken:
            let_in = accepted(grammar)
            if other != name or not taken or not let_in or taken & let_in:
                continue
            example = min(let_in, key=lambda one: (len(one), one))
            yield Match(
                at,
                f"The column '{name}' takes nothing that the code lets in: '{example}' is a valid name there and "
                "violates the constraint here.",
                related=((where, "the grammar of the code"),),
            )
            break


def _checks(path: str, text: str) -> Iterator[tuple[str, str, Location]]:
    """Yield (column, pattern, place) of the constraints on names in the tables of plugins."""
    for hit in CREATE.finditer(text):
        if not set(hit.group(1).lower().split("_")) & (PLUGINS - {"release", "releases"}):
            continue
        inner = body(text, hit.end())
        for found in _CHECK.finditer(inner):
            if found.group(1).lower() in _COLUMNS:
                start = hit.end() + found.start()
                pattern = found.group(2).replace("''", "'")
                yield found.group(1).lower(), pattern, place(path, text, start, hit.end() + found.end())


def _spoken(inquiry: Inquiry, names: set[str]) -> Iterator[tuple[str, str, Location]]:
    """Yield (name, pattern, place) of the patterns that names of packages are held against in code."""
    for module in inquiry.project.modules(naming=names, tests=False):
        for call in module.calls(_TESTS):
            pattern, value = tested(module, call)
            name = spelled(value).lower()
            function = function_of(call)
            if name not in names or function is None:
                continue
            around = surroundings(function) | said_in(function.params) | {p.name.lower() for p in function.params}
            text = text_of(module, pattern) if around & _MANIFESTS else ""
            if text:
                anchored = module.language == "python" and call.name in ("match", "fullmatch")
                ended = f"^(?:{text})$" if call.name == "fullmatch" else f"^(?:{text})"
                yield name, ended if anchored else text, locate(module, pattern or call)
