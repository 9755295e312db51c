"""SEC086: one route that changes something has no guard, where the others have one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Array, Call, Expr, Function, Imported, Literal, Node, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import constant_text, last_words, said_in, word_set
from reviewer.experts.security.values.source_words import ROUTERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CHANGES: Final = frozenset({"post", "put", "patch", "delete", "del"})
_READS: Final = frozenset({"get", "head", "options", "all"})
_GUARDS: Final = word_set(
    "auth authenticate authenticated authorize authorise authorized require required requires admin login logged "
    "ensure guard protect protected permission permissions role roles session user current verify signed token "
    "owner can acl identity principal bearer csrf jwt scope scopes permit permits permitted may allow allowed access"
)
_WHOLE: Final = _GUARDS - {"can", "owner", "session", "token", "required", "require", "requires", "role", "roles"} | {
    "authorization",
    "authentication",
}
"""Those that say so wherever they stand in what a router is made with."""
_OPEN: Final = word_set(
    "login logout signin signup signout register registration session sessions webhook webhooks hook hooks callback "
    "oauth token tokens refresh password reset health healthz ping ready status metrics public csp report "
    "search query preview"
)
"""Words of paths that are open on purpose."""
_CHECKS: Final = word_set(
    "user session auth authorization token forbidden unauthorized permission permissions allowed can may owner admin "
    "signature verify principal identity acl"
)


_OWNS: Final = word_set("owner owns ownership maintainer publisher admin member membership scope role permission")
"""Words of guards that ask whose a thing is, or for a right to it."""
_ADDS: Final = frozenset({"add_get", "add_post", "add_put", "add_patch", "add_delete"})
"""Calls that enter a handler as a route of a server in Python."""
_HOOKS: Final = ("onRequest", "preValidation", "preHandler", "beforeHandler", "preParsing")
_REFUSES: Final = frozenset({"forbidden", "unauthorized", "unauthenticated", "unauthorised"})
_PLACE: Final = 2
"""Steps of a path that name a place: ``/rooms/:room``."""


class Route(Struct, frozen=True):
    """A route of a router, and what is known of who may use it."""

    at: Node
    path: str
    handler: Function | None
    changes: bool
    guarded: bool
    right: bool = False
    """The guard is told which right it has to ask for: ``permit("zones.open")``."""
    guards: tuple[str, ...] = ()
    """What stands before the handler and guards it, as it is written; in scripts alone."""


@module_check("SEC086", words=ROUTERS | {"router", "route", "post", "delete"})
def route_without_guard(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the routes of each router with one another."""
    if module.is_test:
        return
    by_router: dict[str, list[Route]] = defaultdict(list)
    for router, route in routes_of(module):
        by_router[router].append(route)
    for router, routes in by_router.items():
        yield from _left_out(routes)
        yield from _weaker(routes)
        guarded = [route for route in routes if route.guarded]
        changing = [route for route in guarded if route.changes]
        if not changing or len(guarded) < 2:
            continue
        known = _guarded_as_a_whole(module, router)
        if known and not (len(changing) >= 2 and all(route.right for route in changing)):
            continue
        missing = [route for route in routes if route.changes and not route.guarded and not _is_open(route)]
        if known and len(missing) > 1:
            continue  # no slip, but routes of a kind that need no right
        asks = "asks for no right" if known else "asks nobody who they are"
        whoever = "has logged in" if known else "reaches the server"
        for route in missing:
            yield Match(
                route.at,
                f"'{route.path}' changes something and {asks}, as the other routes do: whoever {whoever} may call it.",
                related=((changing[0].at, "this one asks"),),
            )


def _left_out(routes: list[Route]) -> Iterator[Match]:
    """Find the one route below a place whose other routes all ask for a right to it: ``/rooms/:room/loans``."""
    below: dict[tuple[str, ...], list[Route]] = defaultdict(list)
    for route in routes:
        steps = tuple(step for step in route.path.split("/") if step)
        if len(steps) > _PLACE and steps[1].startswith(":"):
            below[steps[:_PLACE]].append(route)
    for beside in below.values():
        open_ = [route for route in beside if not route.guarded]
        rights = [route for route in beside if route.right]
        if len(open_) != 1 or len(rights) < _PLACE or len(rights) != len(beside) - 1:
            continue
        if not open_[0].changes and not _is_open(open_[0]):
            yield Match(
                open_[0].at,
                f"'{open_[0].path}' asks for no right, as the other routes of this place do: all who come in read it.",
                related=((rights[0].at, "this one asks"),),
            )


def _weaker(routes: list[Route]) -> Iterator[Match]:
    """Find the one changing route of a place that asks who calls, and not whose the place is, as the others do."""
    changing = [route for route in routes if route.changes and route.guards]
    for route in changing:
        beside = [one for one in changing if one is not route and _same_place(one, route)]
        lacks = {guard for one in beside for guard in one.guards} - set(route.guards)
        owning = [guard for guard in lacks if set(words(guard)) & _OWNS and all(guard in one.guards for one in beside)]
        stricter = [one for one in beside if owning and set(route.guards) < set(one.guards)]
        if len(stricter) != len(beside) or not beside or _is_open(route):
            continue
        yield Match(
            route.at,
            f"'{route.path}' changes something without '{min(owning)}', which the other changes of this place ask: "
            "whoever has logged in may make it, whomever the thing belongs to.",
            related=((beside[0].at, "this one asks"),),
        )


def _same_place(one: Route, other: Route) -> bool:
    """Tell whether a route goes to the things of another, or to parts of them: ``/packs/:scope`` and ``…/:name``."""
    mine, its = ([step for step in path.split("/") if step] for path in (one.path, other.path))
    shared = min(len(mine), len(its), _PLACE)
    fixed = {step for step in its if not step.startswith(":")}
    return shared == _PLACE and mine[:_PLACE] == its[:_PLACE] and mine[1].startswith(":") and len(fixed) == 1


def routes_of(module: Module) -> Iterator[tuple[str, Route]]:
    """Yield (router, route) for each route of a file."""
    yield from _of_python(module) if module.language == "python" else _of_scripts(module)


def _of_scripts(module: Module) -> Iterator[tuple[str, Route]]:
    for call in module.calls(_CHANGES | _READS):
        if call.receiver is None or len(call.args) < 2 or not set(last_words(call.receiver)) & ROUTERS:
            continue
        path = constant_text(call.args[0])
        if not path.startswith("/"):
            continue
        *between, last = call.args[1:]
        handler = strip(last)
        stages = [stage for one in between for stage in _stages(one)]
        guards = [one for one in stages if _is_guard(one) or _refuses_here(module, one)]
        inner = handler if isinstance(handler, Function) else _wrapped(handler)
        named = tuple(module.text_of(one) for one in guards)
        changes = call.name in _CHANGES
        yield module.text_of(call.receiver), Route(call, path, inner, changes, bool(guards), _of_right(guards), named)


def _stages(expr: Expr) -> list[Expr]:
    """Return what runs before a handler: a middleware, or the hooks in the options of a route of fastify."""
    options = strip(expr)
    if not isinstance(options, Object):
        return [expr]
    hooks = [strip(held) for name in _HOOKS if (held := options.get(name)) is not None]
    return [one for hook in hooks for one in (hook.items if isinstance(hook, Array) else [hook])]


def _wrapped(handler: Expr) -> Function | None:
    """Return the handler that another function is only put around: ``wrap(async (req, res) => …)``."""
    only = strip(handler.args[0]) if isinstance(handler, Call) and len(handler.args) == 1 else None
    asks = isinstance(handler, Call) and set(last_words(handler.callee)) & _GUARDS
    return only if isinstance(only, Function) and not asks else None


def _of_python(module: Module) -> Iterator[tuple[str, Route]]:
    for function in module.functions:
        for decorator in function.decorators:
            call = strip(decorator)
            if not isinstance(call, Call) or call.receiver is None or not set(last_words(call.receiver)) & ROUTERS:
                continue
            if call.name not in _CHANGES | _READS | {"route"} or not call.args:
                continue
            changes = call.name in _CHANGES or (
                call.name == "route" and said_in(call) & {"post", "put", "patch", "delete"} != set()
            )
            around = [other for other in function.decorators if other is not decorator]
            guards = _before(module, [*around, *_depended_on(function, call)])
            guarded = bool(guards) or _depends(function, call)
            path = _path(call.args[0])
            yield module.text_of(call.receiver), Route(function, path, function, changes, guarded, _of_right(guards))
    for call in module.calls(_ADDS):
        if call.receiver is None or len(call.args) < 2 or not set(last_words(call.receiver)) & ROUTERS:
            continue
        handler = strip(call.args[1])
        stages = [handler] if isinstance(handler, Call) else []
        while isinstance(handler, Call) and handler.args:  # permit(book, "pictures")(handler)
            handler = strip(handler.args[-1])
        target = definition(module, handler)
        target = target if isinstance(target, Function) else None
        guards = _before(module, [*stages, *(target.decorators if target is not None else ())])
        changes = call.name.removeprefix("add_") in _CHANGES
        route = Route(call, _path(call.args[0]), target, changes, bool(guards), _of_right(guards))
        yield module.text_of(call.receiver), route


def _before(module: Module, stages: Iterable[Expr]) -> list[Expr]:
    """Return those that guard of what is put around a handler in Python."""
    return [one for one in stages if _is_guard(one) or _refuses_here(module, one)]


def _path(written: Expr) -> str:
    """Return the path of a route in Python, with what may differ spelled as scripts do: ``/rooms/:room``."""
    parts = constant_text(written).split("/")
    return "/".join(f":{part[1:-1]}" if part[:1] in ("{", "<") and part[-1:] in ("}", ">") else part for part in parts)


def _of_right(guards: list[Expr]) -> bool:
    """Tell whether a guard is told which right it has to ask for: ``permit("zones.open")``, ``permit(…)(handler)``."""
    calls = [one for guard in guards if isinstance(one := strip(guard), Call)]
    calls += [one for call in calls if isinstance(one := strip(call.callee), Call)]
    return any(constant_text(arg) for call in calls for arg in call.args)


def _is_guard(expr: Expr) -> bool:
    expr = strip(expr)
    said = set(last_words(expr))
    if isinstance(expr, Call):
        said |= {word for argument in expr.args for word in last_words(argument)}
    return bool(said & _GUARDS) and not isinstance(expr, Function)


def _refuses_here(module: Module, expr: Expr) -> bool:
    """Tell whether what stands before a handler is, or is made by, a function of the file that answers with 403."""
    made = strip(expr)
    while isinstance(made, Call):
        made = strip(made.callee)
    target = definition(module, made)
    return isinstance(target, Function) and (
        bool(said_in(target.body) & _REFUSES)
        or any(isinstance(node, Literal) and node.value in (401, 403) for node in walk(target.body))
    )


def _depends(function: Function, call: Call) -> bool:
    """Tell whether a handler of FastAPI is given who asks: ``user: User = Depends(current_user)``."""
    if "dependencies" in call.keywords:
        return True
    for param in function.params:
        made = strip(param.default) if param.default is not None else None
        if isinstance(made, Call) and made.name in ("Depends", "Security") and _is_guard(made):
            return True
        if "Depends(" in param.type or "Security(" in param.type or set(words(param.type)) & {"user", "principal"}:
            return True
    return False


def _depended_on(function: Function, call: Call) -> Iterator[Expr]:
    """Yield what FastAPI asks before a handler: ``permit("tides")`` of ``Depends(permit("tides"))``."""
    listed = strip(call.keywords.get("dependencies", call))
    for made in (*(listed.items if isinstance(listed, Array) else ()), *(param.default for param in function.params)):
        asked = strip(made) if made is not None else None
        if isinstance(asked, Call) and asked.name in ("Depends", "Security") and asked.args:
            yield asked.args[0]


def _guarded_as_a_whole(module: Module, router: str) -> bool:
    """Tell whether a guard stands before all routes, in this file or in the one that makes the router."""
    if _guarded_in(module, router):
        return True
    for binding in module.scopes.table(None).get(router, ()):
        if isinstance(binding, Imported) and module.project is not None:
            maker = module.project.module(module.project.target(module.path, binding.source))
            return maker is not None and _guarded_in(maker, binding.name)
    return False


def _guarded_in(module: Module, router: str) -> bool:
    """Tell whether a file puts a guard before all routes: ``router.use(requireUser)``."""
    for call in module.calls(("use", "addHook", "before_request", "APIRouter", "FastAPI", "add_middleware")):
        on = module.text_of(call.receiver) if call.receiver is not None else router
        given = [*call.args, *call.keywords.values()]
        if on == router and any(_is_guard(one) or said_in(one) & _WHOLE for one in given):
            return True
    return False


def is_open_path(route: Route) -> bool:
    """Tell whether the path of a route says that everybody may use it."""
    return bool(set(words(route.path)) & _OPEN)


def _is_open(route: Route) -> bool:
    """Tell whether a route is open on purpose, or its handler looks who asks by itself."""
    if is_open_path(route):
        return True
    if route.handler is None:
        return True  # the handler stands elsewhere
    if said_in(route.handler.body) & _CHECKS:
        return True
    return any(isinstance(node, Literal) and node.value in (401, 403) for node in walk(route.handler.body))
