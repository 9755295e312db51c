"""PAT004: a tenant's context is the shared one with some services replaced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, lineage
from reviewer.code.syntax import (
    Call,
    Class,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, names_in
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, path_words, word_set
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.leading import NOT_WHOM
from reviewer.experts.patterns.served import gives_part, serves
from reviewer.experts.patterns.tenancy.host_services import (
    given_to_plugin,
    held_by_host,
    makes_what_plugins_take,
    unwrapped,
)
from reviewer.experts.patterns.tenancy.merges import Merge, merges
from reviewer.experts.patterns.told_in_signatures import OF
from reviewer.experts.patterns.vocabulary import FIRM_TENANTS, TENANTS, last_spelled, names_tenant, spelled
from reviewer.experts.security.handing.given_to_guests import goes_to_guest

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SHARED: Final = word_set(
    "base shared common services service root global globals host core kernel platform parent defaults default "
    "context ctx env environment runtime api facilities toolkit deps dependencies main template prototype ambient app "
    "system capabilities all whole full"
)
"""What the object is called that all tenants have in common."""
_CONTEXTS: Final = word_set(
    "context contexts ctx services service api env environment runtime host scope facilities toolkit kit deps "
    "dependencies capabilities surface sandbox session handle view"
)
"""What the object is called that a plugin of one tenant gets."""
_PLAIN: Final = word_set(
    "headers header style styles props options opts params query payload body record row message labels"
)
"""What holds plain values and no services."""
_SERVICES: Final = word_set(
    "storage store stores blobs blob kv db database repository settings config configuration bus events emitter "
    "notifier notifications mailer mail queue queues cache files fs filesystem folder secrets vault http fetch network "
    "commands messaging hooks middleware providers jobs scheduler tasks data records documents search index users "
    "directory billing audit logger log quota limits bucket channel topics disk drive table tables collection state"
)
"""What services of a context are called."""
_NEUTRAL: Final = word_set(
    "logger log logging clock now version versions host hostversion metrics tracer crypto uuid random i18n translate "
    "locale timers timer math util utils name features flags plugin pluginid pluginname tenant tenantid id signal "
    "abort schema schemas types platform time ids telemetry debug"
)
"""Members that know no tenant."""


_MANY: Final = 3
"""Services of a context that may be all of them."""


@module_check("PAT004", words=TENANTS | FIRM_TENANTS | _SHARED | OF)
def tenant_context_partial(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a spread or a copy of the shared services gets some members of the tenant's own."""
    if module.is_test:
        return
    for merge in merges(module):
        function = function_of(merge.at)
        if function is None:
            continue
        merge.base = unwrapped(module, merge.base)
        narrowed = [name for name, value in merge.entries.items() if _narrowed(module, merge, name, value)]
        handed = given_to_plugin(module, function, merge.at) or goes_to_guest(module, merge.at)
        handed = handed or makes_what_plugins_take(module, function)
        shared = _shared(module, merge.base) or (handed and held_by_host(module, merge.base))
        if not narrowed and not (shared and (handed or _context_like(module, merge, function))):
            continue
        strict = handed or bool(_said_of(merge, function) & _CONTEXTS)
        own = [
            name
            for name, value in merge.entries.items()
            if name in narrowed or made_for_tenant(inquiry, module, name, value, strict=strict)
        ]
        if not own:
            continue
        left = _left(module, merge)
        if left is not None and not left:
            continue
        rest = (
            ", ".join(f"'{name}'" for name in left[:4])
            if left
            else f"everything else that '{short(module.text_of(merge.base))}' has or will have"
        )
        yield Match(
            merge.at,
            f"Only {', '.join(repr(name) for name in own[:3])} of this context is made for the tenant; {rest} "
            f"come{'s' if not left or len(left) == 1 else ''} from '{short(module.text_of(merge.base))}' and "
            "stays shared between all tenants.",
            related=((merge.base, "taken from here"),),
            # Where nobody says what the base has, several services may be all that it has.
            confidence=Confidence.POSSIBLE if left is None and len(own) >= _MANY else None,
        )


def _narrowed(module: Module, merge: Merge, name: str, value: Expr) -> bool:
    """Tell whether a member is the part for one of what it was in the base: ``vats: core.vats.of(winery)``."""
    made = module.scopes.origin(value)
    whole = strip(made.receiver) if isinstance(made, Call) and made.receiver is not None else None
    if not isinstance(made, Call) or not isinstance(whole, Member | Index) or not gives_part(made):
        return False
    key = whole.name if isinstance(whole, Member) else whole.key.value if isinstance(whole.key, Literal) else ""
    if key != name or module.text_of(whole.object) != module.text_of(merge.base) or set(spelled(name)) & _NEUTRAL:
        return False
    base = module.scopes.origin(merge.base)
    told = [last_name(strip(arg)) for arg in base.args] if isinstance(base, Call) else []
    if isinstance(base, Call) and (gives_part(base) or any(names_tenant(name) for name in told)):
        return False  # all of it was made for that one
    given = [last_name(strip(arg)) for arg in made.args]
    return any(one and NOT_WHOM.isdisjoint(spelled(one)) for one in given)


def _shared(module: Module, base: Expr) -> bool:
    """Tell whether what is copied belongs to all tenants: by its name, and not made for one."""
    base = strip(base)
    if isinstance(base, Call):
        if base.name in ("vars", "asdict", "dict", "copy", "structuredClone") and base.args:
            return _shared(module, base.args[0])
        told = (base.name, *names_in(base), *(last_name(strip(arg)) for arg in base.args))
        if any(names_tenant(name) for name in told) or gives_part(base):
            return False
        return bool(last_spelled(base) & _SHARED)
    if isinstance(base, Member) and base.name in ("__dict__", "services", "context"):
        return not any(names_tenant(feed.name) or names_tenant(feed.local) for feed in feeds(module, base))
    if isinstance(base, Name | Member):
        if any(names_tenant(feed.name) or names_tenant(feed.local) for feed in feeds(module, base)):
            return False
        origin = module.scopes.origin(base)
        if isinstance(base, Name) and isinstance(origin, Member) and last_spelled(origin) & _SHARED:
            return True
        return bool(last_spelled(base) & _SHARED) or bool(path_words(base) & {"base", "shared", "services", "common"})
    return False


def _context_like(module: Module, merge: Merge, function: Function) -> bool:
    """Tell whether what is made is a plugin's context or its services, by what it or its maker is called."""
    if last_spelled(merge.base) & _PLAIN:
        return False
    made = class_of_value(module, strip(merge.base))
    if _said_of(merge, function) & _CONTEXTS or (made is not None and set(spelled(made.name)) & _CONTEXTS):
        return True
    return bool(last_spelled(merge.base) & (_CONTEXTS | {"base", "shared", "common"}))


def _said_of(merge: Merge, function: Function) -> set[str]:
    return {*spelled(merge.name), *spelled(function.name), *spelled(merge.type), *spelled(function.returns)}


def made_for_tenant(inquiry: Inquiry, module: Module, name: str, value: Expr, *, strict: bool) -> bool:
    """Tell whether a member is a service that is made for the tenant."""
    value = strip(value)
    if not isinstance(value, Call | Object | Function | Member | Name | Index):
        return False
    told = any(serves(inquiry, module, part) for feed in feeds(module, value) for part in (feed.local, *feed.path))
    if not told:
        return False
    made = module.scopes.origin(value) if isinstance(value, Name) else None
    if isinstance(made, Call):
        value = made
    if isinstance(value, Name | Member | Index):
        return bool(set(spelled(name)) & _SERVICES) and not names_tenant(name)
    if set(spelled(name)) & _SERVICES or (isinstance(value, Call) and (value.new or value.name[:1].isupper())):
        return not names_tenant(name)
    if isinstance(value, Call) and value.receiver is not None and value.name.lower() == name.strip("_#").lower():
        return True  # till=make.till(stall)
    if not strict:
        return False
    if isinstance(value, Call) and _opens(value, name):
        return not names_tenant(name)
    kept = class_of_value(module, value) if isinstance(value, Call) else None
    if kept is not None and any(not method.private and method.kind == "method" for method in kept.methods):
        return not names_tenant(name)  # drawer=stores.drawer(school, app)
    if isinstance(value, Object):  # pallets: { of: (month) => core.pallets(depot, month) }
        members = [member for _key, member in value.entries]
        return bool(members) and all(isinstance(member, Function) for member in members) and not names_tenant(name)
    said = set(spelled(value.name)) if isinstance(value, Call) else set()
    return bool(said & {"of", "for", "scoped", "scope", "scopedto", "namespaced", "namespace", "within"})


def _opens(made: Call, name: str) -> bool:
    """Tell whether a call opens a thing of a name: ``ledger=openLedger(house)``, ``diary=diaries.open(house)``."""
    of_several = last_name(made.receiver).lower().lstrip("_#")
    return words(made.name)[1:][-1:] == words(name)[-1:] or of_several in (
        f"{name}s".lower(),
        f"{name[:-1]}ies".lower(),
    )


def _left(module: Module, merge: Merge) -> list[str] | None:
    """Return the members that stay shared and could know a tenant; None where the subject doesn't say."""
    members: list[str] | None = None
    base = strip(merge.base)
    origin = module.scopes.origin(base)
    cls = class_of_value(module, base)
    if isinstance(origin, Object):
        members = list(origin.keys)
    elif isinstance(cls, Class):
        members = [field.name for owner in lineage(cls) for field in owner.fields if not _is_data(field.type)]
        members += [m.name for owner in lineage(cls) if owner.kind != "class" for m in owner.methods]
        members += [
            p.name
            for owner in lineage(cls)
            for m in owner.methods
            if m.kind == "constructor"
            for p in m.params
            if p.access
        ]
    if not members:
        return None
    replaced = set(merge.entries)
    return [name for name in members if name not in replaced and not set(spelled(name)) & _NEUTRAL]


def _is_data(declared: str) -> bool:
    """Tell whether a type is one of values that nobody can change, and no service: ``Mapping[str, float]``."""
    return bool(declared) and set(_TYPE_NAMES.findall(declared)) <= _DATA


_TYPE_NAMES: Final = regex(r"\w+")
_DATA: Final = word_set(
    "str int float bool bytes complex Decimal date datetime timedelta Mapping Sequence tuple Tuple frozenset None "
    "string number boolean bigint readonly ReadonlyMap ReadonlyArray ReadonlySet Readonly undefined null Final"
)
"""Words of such types."""
