"""SEC062: somebody outside writes a regular expression."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Expr, Function, Literal, Member, Name, Param, Regex, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, path_words
from reviewer.experts.security.reaching.sinks import said, shown, sinks, unlimited
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.tooling import is_foreign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.security.values.origins import Trace

_COMPILES: Final = frozenset(
    "RegExp re.compile re.match re.search re.fullmatch re.findall re.finditer re.sub re.subn re.split "
    "regex.compile".split()
)
_PLAIN: Final = frozenset(
    "escapeRegExp escapeRegex escapeStringRegexp escape-string-regexp escape re.escape fnmatch.translate "
    "translate globToRegExp picomatch.makeRe minimatch.makeRe makeRe".split()
)
_SOUGHT: Final = frozenset("query q search term text filter needle sought pattern keyword keywords input".split())
"""Names of what somebody looks for."""
_SETTINGS: Final = frozenset({"config", "settings", "configuration", "preferences"})
_MOST_CALLS: Final = 20
_TEXTS: Final = frozenset("id name title description summary text label key slug path author".split())


@module_check("SEC062", words={"regexp", "re", "regex", "pattern", "reg", "match", "search"})
def pattern_from_outside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every regular expression that is made while the program runs."""
    if module.is_test or is_foreign(module.path):
        return
    yield from _made_by_match(module)
    for sink in sinks(module, _COMPILES):
        pattern = sink.arg(0, "pattern")
        if pattern is None or _escapes(module, pattern) or use_of(sink.call).how == "dropped":
            continue  # what nobody keeps only tells whether it can be compiled
        if _copies(module, pattern, sink.arg(1, "flags")) or _only_constants(module, pattern):
            continue
        if _only_chosen_signs(module, pattern):
            continue
        if _handed_setting(inquiry, module, pattern):
            yield Match(
                sink.call,
                f"'{shown(module, pattern, 40)}', which a caller takes from the settings, is a regular expression: "
                "one like '(a+)+$' holds the program up for hours.",
                confidence=Confidence.POSSIBLE,
            )
            continue
        found = unlimited(module, pattern, sink.call, _PLAIN)
        if found is None or not found.kinds() & {"request", "message", "remote", "manifest", "config", "stored"}:
            continue
        origin = found.worst()
        surely = {"request", "message", "remote"} | ({"manifest"} if inquiry.subject.kind != "plugin" else set())
        sure = bool(found.kinds() & (surely - {"manifest"})) or ("manifest" in surely and _of_manifest(found))
        yield Match(
            sink.call,
            f"'{shown(module, pattern, 40)}', which comes from {said(origin)}, is a regular expression here: "
            "one like '(a+)+$' "
            "holds the program up for hours.",
            confidence=Confidence.LIKELY if sure else Confidence.POSSIBLE,
        )


def _of_manifest(found: Trace) -> bool:
    """Tell whether it is by its words that a pattern comes out of a manifest; a ``spec`` may be one of anything."""
    said = {
        word
        for origin in found.origins
        if origin.kind == "manifest"
        for one in find(origin.node, Expr)
        if isinstance(one, Name | Member)
        for word in words(one.id if isinstance(one, Name) else one.name)
    }
    return bool(said & {"manifest", "plugin", "extension", "addon", "package"})


def _only_chosen_signs(module: Module, pattern: Expr) -> bool:
    """Tell whether all that varies stands between brackets, where nothing is repeated: ``f"[{signs}]"``."""
    made = module.scopes.origin(pattern)
    if not isinstance(made, Template) or len(made.items) != len(("[", "signs", "]")):
        return False
    first, _hole, last = made.items
    return (
        isinstance(first, Literal)
        and isinstance(last, Literal)
        and str(first.value) in ("[", "[^")
        and str(last.value).startswith("]")
    )


def _copies(module: Module, pattern: Expr, flags: Expr | None) -> bool:
    """Tell whether a pattern that is there is made once more: ``new RegExp(one.source, one.flags)``."""
    one, other = strip(pattern), strip(flags) if flags is not None else None
    if isinstance(one, Member) and one.name == "source" and (function := function_of(pattern)) is not None:
        held = module.text_of(one.object)  # what has flags of its own was compiled before
        for read in find(function.body, Member):
            if read.name in ("ignoreCase", "flags", "global", "multiline") and module.text_of(read.object) == held:
                return True
    return (
        isinstance(one, Member)
        and one.name in ("source", "pattern")
        and isinstance(other, Member)
        and other.name == "flags"
        and module.text_of(one.object) == module.text_of(other.object)
    )


def _only_constants(module: Module, pattern: Expr) -> bool:
    """Tell whether nothing but constants by their names is put into a pattern: ``Marks.HOVER``."""
    made = module.scopes.origin(pattern)
    names = [strip(hole) for hole in made.holes] if isinstance(made, Template) else []
    said = [one.name if isinstance(one, Member) else getattr(one, "id", "") for one in names]
    return bool(said) and all(len(one) > 1 and one.isupper() for one in said)


def _handed_setting(inquiry: Inquiry, module: Module, pattern: Expr) -> bool:
    """Tell whether a plugin's own function makes a pattern of what another of its files takes from the settings."""
    param = module.scopes.origin(pattern)
    function = param.parent if isinstance(param, Param) else None
    if inquiry.subject.kind != "plugin" or not isinstance(param, Param) or not isinstance(function, Function):
        return False
    if not function.name:
        return False
    position = function.params.index(param)
    for other in inquiry.project.modules(naming={function.name}, tests=False):
        for call in islice(other.calls((function.name,)), _MOST_CALLS):
            given = call.arg(position, param.name)
            if other is not module and given is not None and path_words(given) & _SETTINGS:
                return definition(other, call.callee) is function
    return False


def _made_by_match(module: Module) -> Iterator[Match]:
    """Find ``title.match(query)``: a text that is given to ``match`` or ``search`` is a regular expression."""
    if module.language == "python":
        return
    for call in module.calls(("match", "search", "matchAll")):
        pattern = strip(call.args[0]) if len(call.args) == 1 else None
        if not isinstance(pattern, Name | Member) or call.receiver is None or not _is_a_text(call.receiver):
            continue
        made = module.scopes.origin(pattern)
        if isinstance(made, Regex) or (isinstance(made, Call) and made.name in ("RegExp", "compile")):
            continue  # it was told there
        bound = module.scopes.lookup(pattern.id, pattern) if isinstance(pattern, Name) else []
        held = [strip(one.value) for one in bound if isinstance(one, Assign) and one.value is not None]
        if any(isinstance(one, Regex) or (isinstance(one, Call) and one.name == "RegExp") for one in held):
            continue
        if set(last_words(pattern)) & _SOUGHT and trace(module, pattern).kinds() & {"request", "message", "parameter"}:
            yield Match(
                call,
                f"'{shown(module, pattern, 40)}' is read as a regular expression by '{call.name}': '(' ends with an "
                "error, and '(a+)+$' holds the program up for hours.",
            )


def _is_a_text(expr: Expr) -> bool:
    """Tell whether a value is a field, or a variable, that holds a text."""
    expr = strip(expr)
    if isinstance(expr, Call):
        return expr.name in ("toLowerCase", "toUpperCase", "trim", "toString")
    return bool(set(last_words(expr)[-1:]) & _TEXTS)


def _escapes(module: Module, pattern: Expr) -> bool:
    """Tell whether special characters are escaped in place, by a replacement with a backslash before each."""
    text = module.text_of(pattern)
    function = function_of(pattern)
    for put in find(function.body, Assign) if function is not None else ():
        if isinstance(put.target, Name) and put.target.id in names_in(pattern) and put.value is not None:
            text += module.text_of(put.value)  # ``text = text.replace(/[.*+]/g, "\\\\$&")`` before it
    origin = module.scopes.origin(pattern)
    if isinstance(origin, Expr):
        text += module.text_of(origin)
    return "\\$&" in text or "re.escape" in text
