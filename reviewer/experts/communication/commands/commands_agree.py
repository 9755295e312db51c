"""COM010, COM011, COM012: the commands that are declared, registered and invoked are not the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.constants import nearest
from reviewer.experts.communication.named_commands import NamedCommands, named_commands, spoken_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_SEPARATORS: Final = ".:/-"
_MOST: Final = 200


@subject_check("COM010")
def declared_never_registered(inquiry: Inquiry) -> Iterator[Match]:
    """Hold each command of the manifest against those that the code registers."""
    found = named_commands(inquiry)
    if not found.registered or found.open:
        return
    for name, at in list(found.declared.items())[:_MOST]:
        if name in found.registered or spoken_elsewhere(inquiry, name, len(_invoked(found, name))):
            continue
        meant = nearest(name, set(found.registered) - set(found.declared))
        if meant and _is_odd(meant, name, found):
            yield Match(
                found.registered[meant].at,
                f"The command '{meant}' is registered here, the manifest has '{name}', which nothing registers.",
                related=((at, "declared here"),),
            )
            continue
        said = f"; '{meant}' is, which the manifest does not know" if meant else ""
        related = ((found.registered[meant].at, "registered here"),) if meant else ()
        yield Match(at, f"The command '{name}' is declared, but no code registers it{said}.", related=related)


@subject_check("COM011")
def registered_never_declared(inquiry: Inquiry) -> Iterator[Match]:
    """Hold each command that the code registers against those of the manifest."""
    found = named_commands(inquiry)
    if not found.declared:
        return
    missing = set(found.declared) - set(found.registered)
    for name, use in list(found.registered.items())[:_MOST]:
        if name in found.declared or nearest(name, missing):
            continue  # a misspelling is told at the manifest
        yield Match(
            use.at,
            f"The command '{name}' is registered, but the manifest does not declare it: it is in no menu, starts no "
            "plugin, and nobody who reads the manifest knows of it.",
            confidence=None if inquiry.subject.ecosystem == "generic" else Confidence.POSSIBLE,
        )


@subject_check("COM012")
def invoked_never_registered(inquiry: Inquiry) -> Iterator[Match]:
    """Hold each command that the code invokes against those that it registers."""
    found = named_commands(inquiry)
    if not found.registered or found.open:
        return
    for use in found.invoked[:_MOST]:
        name = use.name
        if name in found.registered or name in found.declared:
            continue
        meant = nearest(name, found.registered)
        own = _prefix(name) and _prefix(name) in {_prefix(n) for n in (*found.registered, *found.declared)}
        if not meant and not (own and inquiry.subject.kind == "plugin"):
            continue
        if spoken_elsewhere(inquiry, name, len(_invoked(found, name))):
            continue
        hint = f"; '{meant}' is" if meant else ", though its prefix is that of this subject"
        yield Match(
            use.at,
            f"The command '{name}' is run here, and nothing registers it{hint}.",
            related=((found.registered[meant].at, "registered here"),) if meant else (),
        )


def _is_odd(registered: str, declared: str, found: NamedCommands) -> bool:
    """Tell whether the other commands have the prefix of the declared name, and none that of the registered one."""
    others = {_prefix(one) for one in found.registered if one != registered}
    return _prefix(declared) in others and _prefix(registered) not in others


def _invoked(found: NamedCommands, name: str) -> list[str]:
    return [use.name for use in found.invoked if use.name == name]


def _prefix(name: str) -> str:
    """Return what stands before the last separator of a name, or an empty string."""
    at = max(name.rfind(sign) for sign in _SEPARATORS[:3])
    return name[:at] if at > 0 else ""
