"""The names that conditions may use: inputs, derived facts, dimensions, and fields of items."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from reviewer.blueprint.condition import Vocabulary
from reviewer.blueprint.inputs import SCALES, Inputs, texts_of

if TYPE_CHECKING:
    from reviewer.blueprint.rulebook import Dimension

NEEDS: Final = frozenset({"reply", "fanout", "transform", "veto", "stream"})

DERIVED: Final[dict[str, frozenset[str]]] = {
    "trust": frozenset(),
    "trust_alone": frozenset(),
    "dependency_trust": frozenset(),
    "traffic_mb_s": frozenset(),
    "language_count": frozenset(),
    "foreign_language": frozenset(),
    "wasm_language": frozenset(),
    "has_event": frozenset(),
    "has_command": frozenset(),
    "has_chain": frozenset(),
    "has_veto": frozenset(),
    "has_pure": frozenset(),
}
"""Facts that follow from inputs and catalogue alone; numbers and flags have no texts.

``trust_alone`` leaves dependencies out, ``dependency_trust`` is theirs (3 without any), ``traffic_mb_s``
is what all calls carry, ``foreign_language`` tells of a language that the host does not speak,
``wasm_language`` that every language runs in an engine of its own; ``has_…`` tell what the
interactions are: events, commands, chains, those that may refuse, commands without side effect.
"""

ITEMS: Final[dict[str, frozenset[str]]] = {
    "interaction.name": frozenset(),
    "interaction.needs": NEEDS,
    "interaction.pattern": frozenset({"event", "command", "middleware"}),
    "interaction.owner": frozenset({"host", "plugin"}),
    "interaction.described": frozenset(),
    "interaction.permission": frozenset(),
    "interaction.authorizes": frozenset(),
    "interaction.subscribers": frozenset({"one", "many"}),
    "interaction.synchronous": frozenset(),
    "interaction.pure": frozenset(),
    "interaction.cached": frozenset(),
    "interaction.on_failure": frozenset({"closed", "open", "undecided"}),
    "permission.name": frozenset(),
    "permission.resource": frozenset({"network", "filesystem", "process"}),
    "permission.scoped": frozenset(),
    "permission.wildcard": frozenset(),
    "permission.risk": frozenset(),
    "service.name": frozenset(),
    "service.tenant_scoped": frozenset(),
    "combination.name": frozenset(),
    "combination.level": frozenset({"error", "warning"}),
}
"""Facts of the items that a rule may be asked about one by one."""


def vocabulary(dimensions: Iterable[Dimension]) -> Vocabulary:
    """Return every name that a condition may use."""
    values = {key: frozenset(texts_of(field.annotation)) for key, field in Inputs.model_fields.items()}
    values |= DERIVED | ITEMS
    scales = {key: tuple(scale) for key, scale in SCALES.items()}
    for dimension in dimensions:
        values[dimension.key] = frozenset(dimension.options)
        if dimension.ordered:
            scales[dimension.key] = tuple(dimension.options)
    return Vocabulary(values, scales)
