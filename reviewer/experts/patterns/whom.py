"""For whom something is worked out: the tenant or caller that a function is told of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import named_type
from reviewer.code.syntax import Param
from reviewer.code.text.words import words
from reviewer.experts.patterns.leading import leading
from reviewer.experts.patterns.served import serves
from reviewer.experts.patterns.vocabulary import (
    names_principal,
    names_tenant,
)

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.feeds import Feed

ASKING: Final = frozenset({"caller", "principal", "requester", "actor", "identity"})
"""What whoever asks is called, where his data may be called anything."""


def whom(found: list[Feed]) -> Feed | None:
    """Return the tenant among what is missing from a key, else the principal, else None; a class is neither."""
    found = [feed for feed in found if not _is_class(feed)]
    tenant = next((feed for feed in found if names_tenant(teller(feed))), None)
    principal = next((feed for feed in found if names_principal(teller(feed))), None)
    return tenant or principal or next((feed for feed in found if _is_of_caller(feed)), None)


def whom_here(inquiry: Inquiry, module: Module, found: list[Feed]) -> Feed | None:
    """Return the same, or else what the file parts all that it keeps by, or whom the host serves, however called."""
    served = next((feed for feed in found if is_served(inquiry, module, feed.name)), None)
    return whom(found) or served or next((feed for feed in found if _tells_tenant(module, feed)), None)


def _tells_tenant(module: Module, feed: Feed) -> bool:
    """Tell whether a parameter is handed on as a whole, and its type says whose it is: ``caller: Caller``."""
    if not isinstance(feed.root, Param) or feed.path or not feed.root.type:
        return False
    shape = named_type(module, feed.root.type)
    return shape is not None and any(names_tenant(field.name) for field in shape.fields)


def is_served(inquiry: Inquiry, module: Module, name: str) -> bool:
    """Tell whether a name stands for what the file parts all that it keeps by, or for whom the host serves."""
    held = name.removesuffix(".get()").removesuffix(".getStore()")
    name = held if held == name else held.rpartition(".")[2].lower()  # what a context variable holds: ``BRANCH.get()``
    return name in leading(module) or serves(inquiry, module, name)


def _is_class(feed: Feed) -> bool:
    """Tell whether something begins with the name of a class, of which there is one for everybody: ``Role.objects``."""
    named = feed.local
    return isinstance(feed.root, str) and feed.root != "this" and named[:1].isupper() and not named.isupper()


def _is_of_caller(feed: Feed) -> bool:
    """Tell whether something is known of whoever asks, whatever it is called: ``caller.choir``."""
    return isinstance(feed.root, Param) and bool(feed.path) and not ASKING.isdisjoint(words(feed.local)[-1:])


def teller(feed: Feed) -> str:
    """Return the name on the way to a feed that says who is served, or its last name."""
    names = (feed.local, *feed.path)
    return next((n for n in names if names_tenant(n)), "") or next((n for n in names if names_principal(n)), feed.name)
