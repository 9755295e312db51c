"""LIF032: a reload imports under the address of before, and gets the module that is there already."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import in_handler
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr, Function, Literal, Member, Name, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost, with_helpers
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hooks_of
from reviewer.experts.lifecycle.replacing.reload_keeps_old_module import cache_busting
from reviewer.experts.lifecycle.replacing.reload_unloads_first import ends_then_begins
from reviewer.experts.paths import said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_AGAIN: Final = word_set("reload swap exchange hot hotswap hotreload replace renew reimport anew")
"""Words of functions that bring new code in for old."""
_RENEWS: Final = word_set("update upgrade refresh")
"""Words of functions that do so where they end what runs before."""
_TELLS_APART: Final = word_set(
    "version ver rev revision hash digest stamp mtime now time fresh nonce query bust count generation build tmp temp "
    "staging data blob"
)
_THE_SAME: Final = word_set("restart reset reboot recycle bounce revive recover resume retry")
"""Words of functions that end what runs, to begin the same once more."""
_DEEPEST: Final = 3


@module_check("LIF032", words=_AGAIN | _RENEWS | HOOK_WORDS)
def reload_imports_the_same(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each import that a reload comes to for a part of the address that is another each time."""
    if module.is_test or "Worker" in module.identifiers:
        return
    for call in _imports(module):
        function = outermost(call)
        if function is None or _is_told_apart(module, call):
            continue
        way = _way_from_reload(function)
        surely = bool(way)
        if not way:
            way = _way_from_exchange(inquiry, function)
            surely = bool(way) and (any(map(_forgets, way[1:])) or _hands_over(way[0]))
        if way:
            again = way[0]
            yield Match(
                _where(way, call),
                f"'{again.name}' comes here to load new code, and an import of an address that was imported before "
                "gives the module of then: the old code is started again, and taken for the new.",
                related=((again, "reloads"),) if again.module is module else (),
                confidence=None if surely else Confidence.POSSIBLE,
            )


def _imports(module: Module) -> Iterator[Call]:
    """Yield the imports of what a variable names."""
    for call in module.calls(_loaders(module)):
        source = call.arg(0)
        if source is None or isinstance(strip(source), Literal):
            continue
        if module.language == "python" or isinstance(call.callee, Name):
            yield call


def _is_told_apart(module: Module, call: Call) -> bool:
    source, function = call.args[0], outermost(call)
    return cache_busting(module, source) or function is None or _told_apart(module, function, source)


def _way_from_exchange(inquiry: Inquiry, function: Function) -> list[Function]:
    """Return the way by which a function that ends one plugin and begins another comes to this one; empty for none.

    So it is where it comes to an import that gives other code each time.
    """
    edge, seen = [[function]], {id(function)}
    for _ in range(_DEEPEST):
        further: list[list[Function]] = []
        for way in edge:
            for one in _askers(way[0]):
                if id(one) in seen:
                    continue
                seen.add(id(one))
                further.append([one, *way])
                if set(words(one.name)) & _THE_SAME or not ends_then_begins(inquiry, one.module, one):
                    continue
                if _is_told_where(one, way[0]):
                    return []
                reached = with_helpers(one, _DEEPEST)
                again = [(f.module, c) for f in reached for c in _imports(f.module) if outermost(c) is f]
                return [] if any(_is_told_apart(where, call) for where, call in again) else [one, *way]
        edge = further
    return []


def _is_told_where(exchange: Function, asked: Function) -> bool:
    """Tell whether an exchange hands on what its caller says of the new code, beside the name that the old one has.

    ``relieve(call, url) { const old = aboard[call]; … await this.#board({ ...old.muster, url }) }``
    """
    module = exchange.module
    names = {param.name for param in exchange.params}
    old = {
        name
        for access in (one for table in tables(module) for one in table.of("read", "delete", "has"))
        if access.function is exchange and access.key is not None
        for name in names_in(access.key)
    }
    calls = [call for call in calls_in(exchange.body) if definition(module, call.callee) is asked]
    return bool(old & names) and any(names_in(call.args) & (names - old) for call in calls)


def _forgets(function: Function) -> bool:
    """Tell whether a function on the way to a load forgets what was loaded before: the new code is what it wants."""
    return any(one.function is function for table in tables(function.module) for one in table.of("delete"))


def _hands_over(function: Function) -> bool:
    """Tell whether a function gives the state of one instance to the next, as is done for a new version."""
    return any(use.kind in ("save", "restore") and outermost(use.site) is function for use in hooks_of(function.module))


def _where(way: list[Function], load: Call) -> Call:
    """Return the import, or the call on the way to it behind which the first start of a plugin goes, too."""
    for asks, asked in pairwise(way):
        if all(one in way for one in _askers(asked)):
            continue
        steps = [call for call in calls_in(asks.body) if definition(asks.module, call.callee) is asked]
        return steps[0] if steps and asks.module is way[-1].module else load
    return load


def _askers(one: Function) -> list[Function]:
    """Return the functions of the subject that call this one."""
    module, project = one.module, one.module.project
    found = [outer for call in callers(one) if (outer := outermost(call)) is not None]
    for other in project.modules(naming={one.name}, tests=False, using=module.path) if project and one.name else ():
        for call in other.calls((one.name,)) if other is not module else ():
            outer = outermost(call)
            if outer is not None and definition(other, call.callee) is one:
                found.append(outer)
    return found


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
    roots = {name.id for name in find(source, Name)}
    for call in module.calls(("set", "append")):  # url.searchParams.set("v", stamp)
        if outermost(call) is function and isinstance(call.receiver, Member) and roots & names_in(call.receiver):
            parts += call.args
    said = {word for part in parts for word in said_in(part)}
    return not said.isdisjoint(_TELLS_APART) or any(isinstance(part, Call) and not part.args for part in parts)


def _way_from_reload(function: Function) -> list[Function]:
    """Return the way by which a function that reloads by its name comes to this one; empty for none."""
    edge, seen = [[function]], {id(function)}
    for _ in range(_DEEPEST):
        named = next((way for way in edge if not _AGAIN.isdisjoint(words(way[0].name))), None)
        if named is not None:
            return named
        asked = [(call, outer, way) for way in edge for call in callers(way[0]) if (outer := outermost(call))]
        renews = next(([outer, *way] for call, outer, way in asked if _ends_before(outer, call)), None)
        if renews is not None:
            return renews
        edge = [[outer, *way] for _call, outer, way in asked if id(outer) not in seen]
        seen |= {id(way[0]) for way in edge}
    return []


def _ends_before(function: Function, call: Call) -> bool:
    """Tell whether a function that updates something ends what runs, and then comes to a call."""
    return not _RENEWS.isdisjoint(words(function.name)) and any(
        use.kind == "stop"
        and outermost(use.site) is function
        and use.site.start < call.start
        and in_handler(use.site) is None
        for use in hooks_of(function.module)
    )
