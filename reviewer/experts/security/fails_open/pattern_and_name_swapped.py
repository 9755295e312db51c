"""SEC161: the name and the pattern change places, and whoever asks writes the pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Comprehension, Expr, For, Function, Member, Name, Param, Return, strip
from reviewer.code.text.ideas import GRANTS
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, surroundings, word_set
from reviewer.experts.security.deciding.asked_to_refuse import leads_to_refusal
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.vocabulary import PERMISSION, VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_NAME_FIRST: Final = frozenset(
    "fnmatch.fnmatch fnmatch.fnmatchcase minimatch minimatch.minimatch micromatch.isMatch picomatch.isMatch".split()
)
"""Functions that take the name first and the pattern second."""
_PATTERNS: Final = word_set("pattern patterns glob globs mask masks wildcard wildcards")
_ALLOWED: Final = GRANTS | word_set(
    "allowed allow allowlist whitelist granted permitted permissions permission scopes acl acls rights"
)
_ASKS: Final = PERMISSION | VERBS


@module_check("SEC161", words={"fnmatch", "fnmatchcase", "minimatch", "micromatch", "picomatch"})
def pattern_and_name_swapped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each match of a name against a pattern for what stands where."""
    if module.is_test:
        return
    for call in module.calls(("fnmatch", "fnmatchcase", "minimatch", "isMatch")):
        if module.resolve(call.callee) not in _NAME_FIRST or len(call.args) < 2:
            continue
        name, pattern = strip(call.args[0]), strip(call.args[1])
        refuses = leads_to_refusal(module, call) or _in_any(module, call)
        if _says_pattern(module, name, call, refuses=refuses) and _is_asked(module, pattern, call, refuses=refuses):
            yield Match(
                call,
                f"'{short(module.text_of(name))}' is what is allowed and stands where the name belongs: "
                f"'{short(module.text_of(pattern))}' is read as the pattern, and who asks for '*' gets everything.",
            )


def _in_any(module: Module, call: Call) -> bool:
    """Tell whether somebody is refused where none of several fits: ``if not any(fnmatch(…) for … in …)``."""
    around = call.parent
    while isinstance(around, Comprehension | Function | Return):
        around = around.parent
    return isinstance(around, Call) and around.name in ("any", "some") and leads_to_refusal(module, around)


def _says_pattern(module: Module, expr: Expr, call: Call, *, refuses: bool) -> bool:
    """Tell whether an argument is an allowed pattern, by its name or by what it is drawn from in a decision."""
    said = path_words(expr)
    if said & _PATTERNS:
        return True
    if not refuses and not surroundings(function_of(call)) & _ASKS:
        return False
    drawn = _drawn_from(module, expr)
    if said & _ALLOWED or drawn & (_ALLOWED | _PATTERNS):
        return True
    function = function_of(call)
    return bool(drawn) and function is not None and is_decision(function)  # one of what somebody holds


def _drawn_from(module: Module, expr: Expr) -> set[str]:
    """Return the words of what a loop draws a name from, or whose items a callback is given."""
    if not isinstance(expr, Name):
        return set()
    found: set[str] = set()
    for binding in module.scopes.lookup(expr.id, expr):
        iterables: list[Expr] = []
        if isinstance(binding, For) and binding.iterable is not None:
            iterables = [binding.iterable]
        elif isinstance(binding, Comprehension):
            iterables = [iterable for target, iterable in binding.clauses if module.text_of(target) == expr.id]
        elif isinstance(binding, Param) and isinstance(binding.parent, Function):
            around = binding.parent.parent
            iterables = [around.receiver] if isinstance(around, Call) and around.receiver is not None else []
        for iterable in iterables:
            made = module.scopes.origin(iterable)
            found |= path_words(iterable) | (path_words(made) if isinstance(made, Expr) else set())
    return found


def _is_asked(module: Module, expr: Expr, call: Call, *, refuses: bool) -> bool:
    """Tell whether an argument is what the caller of the decision asks for; he may ask for a pattern, too."""
    if path_words(expr) & (_ALLOWED if refuses else _PATTERNS | _ALLOWED):
        return False
    base = expr
    while isinstance(base, Member):
        base = strip(base.object)
    if not isinstance(base, Name) or base.id == "this":
        return False
    if "rule" in words(base.id):
        return False
    return any(isinstance(binding, Param) for binding in module.scopes.lookup(base.id, base)) and call.name != ""
