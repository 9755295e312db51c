"""SEC062: a function that searches for a text makes a regular expression of what it is to look for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.syntax import Assign, Call, Function, Literal, Member, Name, Param, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.security.reaching.sinks import shown, sinks
from reviewer.experts.tooling import is_foreign, is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_MAKES: Final = frozenset("RegExp re.compile re.match re.search re.fullmatch re.findall re.finditer".split())
_SEEKS: Final = word_set("search find filter lookup seek query list browse suggest complete")
"""First words of a function that looks for something among what it has."""
_SOUGHT: Final = frozenset(
    "query q term terms text words needle sought keyword keywords search searchtext searchterm wanted phrase".split()
)
"""What somebody looks for is called, where it is a text and no pattern."""
_TEXTS: Final = frozenset({"", "string", "str", "str | None", "string | undefined"})
_REWRITES: Final = frozenset({"trim", "strip", "lower", "toLowerCase", "toString", "String", "str", "casefold"})
_MEANT: Final = word_set("regex regexp regexes pattern patterns glob isregex useregex")


@module_check("SEC062", words=_SEEKS)
def sought_as_pattern(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each pattern that is made of the parameter of a search, and of nothing else."""
    if module.is_test or is_tooling(module) or is_foreign(module.path):
        return
    for sink in sinks(module, _MAKES):
        pattern = sink.arg(0, "pattern")
        param = _sought(module, pattern) if pattern is not None else None
        seeking = param.parent if param is not None else None
        if pattern is None or not isinstance(seeking, Function) or _SEEKS.isdisjoint(words(seeking.name)[:1]):
            continue
        if _means_pattern(seeking) or seeking.name.startswith(("_", "#")):
            continue  # what only its own file calls
        yield Match(
            sink.call,
            f"'{shown(module, pattern, 40)}', for which '{seeking.name}' looks, is read as a regular expression: '(' "
            "ends with an error, and '(a+)+$' holds the program up for hours.",
            confidence=Confidence.POSSIBLE if guarding_try(sink.call) is not None else None,
        )


def _sought(module: Module, pattern: Expr) -> Param | None:
    """Return the parameter that a pattern is, as it was given or with signs before and after it."""
    made = strip(pattern)
    if isinstance(made, Template) and len(made.holes) == 1:
        signs = "".join(str(one.value) for one in made.items if isinstance(one, Literal))
        made = strip(made.holes[0]) if not signs.strip("^$.*") else made
    while isinstance(made, Call) and made.name in _REWRITES:
        made = strip(made.receiver if made.receiver is not None else made.args[0] if made.args else made.callee)
    bound = module.scopes.lookup(made.id, made) if isinstance(made, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if isinstance(only, Assign) and only.value is not None and only.declare:
        return _sought(module, only.value)
    if not isinstance(only, Param) or only.type.strip() not in _TEXTS or only.name.lower() not in _SOUGHT:
        return None
    return only


def _means_pattern(seeking: Function) -> bool:
    """Tell whether a function says by its words that it is given a pattern, or prepares the text before."""
    said = {word for one in find(seeking.body, Member) for word in words(one.name)} | set(words(seeking.name))
    said |= {word for param in seeking.params for word in words(param.name)}
    texts = {str(one.value) for one in find(seeking.body, Literal) if isinstance(one.value, str)}
    return not _MEANT.isdisjoint(said) or any("\\$&" in one for one in texts) or "escape" in said
