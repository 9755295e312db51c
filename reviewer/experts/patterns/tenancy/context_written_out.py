"""PAT004: a context that is written out has some services of the tenant's own, and others as the host has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.records import given_fields, record_class
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Expr, Function, Literal, Member, Name, Object, Param, strip
from reviewer.code.walk import find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.served import serves
from reviewer.experts.patterns.tenancy.host_services import given_to_plugin, held_by_host
from reviewer.experts.patterns.tenancy.tenant_context_partial import made_for_tenant
from reviewer.experts.patterns.told_in_signatures import OF
from reviewer.experts.patterns.vocabulary import FIRM_TENANTS, TENANTS, names_tenant, spelled
from reviewer.experts.security.handing.given_to_guests import goes_to_guest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_KEEPS: Final = word_set(
    "storage store stores settings preferences notifier notifications mailer mail outbox inbox queue documents records "
    "files secrets vault kv db database repository numbering numbers customers patients members calendar bookings "
    "drafts messages letters orders invoices ledger archive notes register desk address addresses contacts"
)
"""Services that know something of those whom a host serves, or speak in their name."""
_ENOUGH: Final = 2
"""Services left as they are, with which it is no accident."""
_FREEZES: Final = frozenset({"freeze", "seal", "MappingProxyType"})


@module_check("PAT004", words=TENANTS | FIRM_TENANTS | OF)
def context_written_out(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each object that a plugin is given for services of one tenant beside services of all."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for made in (*module.all(Object), *module.all(Call)):
        entries = _entries(module, made)
        if len(entries) <= _ENOUGH:
            continue
        shared = {
            name: value for name, value in entries if set(spelled(name)) & _KEEPS and _is_of_all(inquiry, module, value)
        }
        left = list(shared)
        function = function_of(made) if left else None
        if function is None or not (goes_to_guest(module, made) or given_to_plugin(module, function, made)):
            continue
        own = [
            name
            for name, value in entries
            if name not in left
            and isinstance(strip(value), Call | Object | Name)
            and not names_tenant(name)
            and made_for_tenant(inquiry, module, name, value, strict=True)
        ]
        if own:
            yield Match(
                _taken(module, next(iter(shared.values()))),
                f"Only {', '.join(map(repr, own[:3]))} of this context is made for the tenant; "
                f"{', '.join(map(repr, left[:4]))} {'is' if len(left) == 1 else 'are'} the host's own and shared "
                "between all tenants.",
                confidence=None if len(left) >= _ENOUGH else Confidence.POSSIBLE,
            )


def _taken(module: Module, value: Expr) -> Node:
    """Return where the function takes a service of all out of what the host has, or else where it hands it over."""
    for name in find(value, Name):
        bound = module.scopes.lookup(name.id, name)
        only = bound[0] if len(bound) == 1 else None
        given = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
        if isinstance(only, Assign) and isinstance(given, Member) and held_by_host(module, given):
            return only
    return value


def _entries(module: Module, made: Node) -> list[tuple[str, Expr]]:
    """Return the members of an object that is written out, or of a record that is made."""
    if isinstance(made, Object):
        if made.spreads:
            return []
        return [(str(key.value), value) for key, value in made.entries if isinstance(key, Literal)]
    if isinstance(made, Call) and len(made.keywords) > _ENOUGH and record_class(module, made) is not None:
        return list(given_fields(module, made))
    return []


def _is_of_all(inquiry: Inquiry, module: Module, value: Expr) -> bool:
    """Tell whether a member is what the host has for all, or an object that goes to that and names nobody."""
    value = strip(value)
    if isinstance(value, Call) and value.name in _FREEZES and value.args:
        value = strip(value.args[0])
    if isinstance(value, Name | Member):
        return _is_held(module, value)
    members = [member for _key, member in value.entries] if isinstance(value, Object) else []
    return bool(members) and all(
        isinstance(member, Function) and _goes_to_all(inquiry, module, member) for member in members
    )


def _is_held(module: Module, value: Name | Member) -> bool:
    """Tell whether a value is a field that the host was made with, or what a function around was told once."""
    if held_by_host(module, value):
        return True
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    only = bound[0] if len(bound) == 1 else None
    maker = only.parent if isinstance(only, Param) else None
    if isinstance(only, Assign) and isinstance(only.value, Member) and is_this_member(strip(only.value.object)):
        return held_by_host(module, only.value)
    return isinstance(maker, Function) and maker is not function_of(value) and maker.kind != "constructor"


def _goes_to_all(inquiry: Inquiry, module: Module, member: Function) -> bool:
    asked = [
        call
        for call in find(member.body, Call)
        if isinstance(receiver := strip(call.receiver) if call.receiver is not None else None, Name | Member)
        and _is_held(module, receiver)
    ]
    return bool(asked) and not any(
        names_tenant(name) or serves(inquiry, module, name)
        for call in asked
        for feed in feeds(module, *call.args, *call.keywords.values())
        for name in (feed.local, *feed.path)
    )
