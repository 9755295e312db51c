"""LIF032: a reload imports under the address of before, and gets the module that is there already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import in_handler
from reviewer.code.syntax import Call, Expr, Function, Literal, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.dependencies import callers, outermost
from reviewer.experts.lifecycle.hooks import hooks_of
from reviewer.experts.lifecycle.replacing.reload_keeps_old_module import cache_busting
from reviewer.experts.paths import said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_AGAIN: Final = word_set("reload swap exchange hot hotswap hotreload replace renew reimport")
"""Words of functions that bring new code in for old."""
_RENEWS: Final = word_set("update upgrade refresh")
"""Words of functions that do so where they end what runs before."""
_TELLS_APART: Final = word_set(
    "version ver rev revision hash digest stamp mtime now time fresh nonce query bust count generation build tmp temp "
    "staging data blob"
)
_DEEPEST: Final = 3


@module_check("LIF032", words=_AGAIN | _RENEWS)
def reload_imports_the_same(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each import that a reload comes to for a part of the address that is another each time."""
    if module.is_test or "Worker" in module.identifiers:
        return
    for call in module.calls(_loaders(module)):
        source, function = call.arg(0), outermost(call)
        if source is None or function is None or isinstance(strip(source), Literal):
            continue
        if module.language != "python" and not isinstance(call.callee, Name):
            continue
        if cache_busting(module, source) or _told_apart(module, function, source):
            continue
        again = _reload(function)
        if again is not None:
            yield Match(
                call,
                f"'{again.name}' comes here to load new code, and an import of an address that was imported before "
                "gives the module of then: the old code is started again, and taken for the new.",
                related=((again, "reloads"),),
            )


def _loaders(module: Module) -> tuple[str, ...]:
    """Return the calls that give what they gave before, as long as nobody takes it out of where it is kept."""
    if module.language == "python":
        anew = any(module.resolve(call.callee) == "importlib.reload" for call in module.calls(("reload",)))
        return () if anew or "modules" in module.identifiers else ("import_module",)
    return ("import",) if not module.identifiers.isdisjoint({"cache", "decache", "Module"}) else ("import", "require")


def _told_apart(module: Module, function: Function, source: Expr) -> bool:
    """Tell whether anything that goes into an address may be another from one load to the next."""
    parts: list[Expr] = [source]
    for name in (*find(source, Name), *find(source, Member)):
        origin = module.scopes.origin(name)
        if isinstance(origin, Expr):
            parts.append(origin)
            parts += [made for inner in find(origin, Name) if isinstance(made := module.scopes.origin(inner), Expr)]
    said = {word for part in parts for word in said_in(part)}
    return not said.isdisjoint(_TELLS_APART) or any(isinstance(part, Call) and not part.args for part in parts)


def _reload(function: Function) -> Function | None:
    """Return the function that reloads and comes to this one."""
    edge, seen = [function], {id(function)}
    for _ in range(_DEEPEST):
        named = next((one for one in edge if not _AGAIN.isdisjoint(words(one.name))), None)
        if named is not None:
            return named
        asked = [(call, outer) for one in edge for call in callers(one) if (outer := outermost(call)) is not None]
        renews = next((outer for call, outer in asked if _ends_before(outer, call)), None)
        if renews is not None:
            return renews
        further = [outer for _call, outer in asked]
        edge = [one for one in further if id(one) not in seen]
        seen |= {id(one) for one in edge}
    return None


def _ends_before(function: Function, call: Call) -> bool:
    """Tell whether a function that updates something ends what runs, and then comes to a call."""
    return not _RENEWS.isdisjoint(words(function.name)) and any(
        use.kind == "stop"
        and outermost(use.site) is function
        and use.site.start < call.start
        and in_handler(use.site) is None
        for use in hooks_of(function.module)
    )
