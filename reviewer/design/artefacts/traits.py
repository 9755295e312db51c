"""What the templates of the starter code know of a design: decisions, in the words of code."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct, field

Fields = tuple[tuple[str, str], ...]
"""Names and types of what is sent, in the order of the design."""


class Permission(Struct, frozen=True, dict=True):
    """A permission that the host knows."""

    key: str
    """``resource.action``."""
    reason: str
    scoped: bool
    """Whether a grant has to name its targets."""
    scope: tuple[str, ...] = ()
    served: bool = True
    """Whether a service of the context stands behind it, and not only an interaction."""

    @property
    def resource(self) -> str:
        """The part before the dot."""
        return self.key.partition(".")[0]

    @property
    def action(self) -> str:
        """The part after the dot."""
        return self.key.partition(".")[2]


class Interaction(Struct, frozen=True, dict=True):
    """An event, a command or a point of the middleware."""

    name: str
    owner: str
    """Who emits, serves or runs it: ``host`` or ``plugin``."""
    fields: Fields
    deadline_ms: int
    version: int = 1
    permission: str = ""
    """What a plugin that emits or executes it must be granted; empty for none."""
    result: Fields = ()
    pure: bool = False
    cached: bool = False
    closed: bool = True
    """Whether a failing step of the chain stops the value."""
    veto: bool = False

    @property
    def snake(self) -> str:
        """The name as part of a name in Python; no two names give the same."""
        return self.name.replace("-", "__").replace(".", "_")

    @property
    def camel(self) -> str:
        """The name as part of a name in TypeScript; no two names give the same."""
        return "".join(word[:1].upper() + word[1:].replace("-", "_") for word in self.name.split("."))

    @property
    def type_name(self) -> str:
        """The name of the type of what is sent, in Python."""
        return f"{self.camel}Payload"

    @property
    def step_name(self) -> str:
        """The name of the starter's step, in TypeScript."""
        return f"lookAt{self.camel}"

    @property
    def step_name_snake(self) -> str:
        """The name of the starter's step, in Python."""
        return f"look_at_{self.snake}"

    @property
    def phase(self) -> str:
        """The phase of the starter's step."""
        return "check" if self.veto else "change"

    @property
    def echoes(self) -> bool:
        """Whether the starter's answer to a command takes something over from its input."""
        return not self.result or (bool(self.first_text) and any(kind == "string" for _, kind in self.result))

    @property
    def first_text(self) -> str:
        """The first field that holds a text; empty where none does."""
        return next((name for name, kind in self.fields if kind == "string"), "")


class Limits(Struct, frozen=True, dict=True):
    """Numbers that bound what a plugin may use."""

    activation_ms: int = 10_000
    deactivation_ms: int = 5_000
    call_ms: int = 5_000
    memory_mb: int = 128
    message_bytes: int = 1_000_000
    concurrent_calls: int = 16
    queued_events: int = 256
    storage_bytes: int = 1_000_000
    restarts: int = 3
    cache_entries: int = 1_000
    cache_ms: int = 60_000
    parallel: int = 4


class Traits(Struct, frozen=True, dict=True):
    """A design in the words of its code."""

    name: str
    slug: str
    plugin_id: str
    plugin_name: str
    trust: int
    boundary: str
    permissions: tuple[Permission, ...]
    events: tuple[Interaction, ...]
    commands: tuple[Interaction, ...]
    points: tuple[Interaction, ...]
    lazy: bool
    parallel: bool
    cache: bool
    side_by_side: bool
    reload: str
    """``none``, ``dev`` or ``prod``."""
    tenancy: str
    """``single``, ``friendly`` or ``hostile``."""
    registry: str
    """``memory``, ``file`` or ``database``."""
    monitored: bool
    engine_apart: bool
    """Whether an engine has a process of its own, which the operating system locks in."""
    languages: tuple[str, ...]
    """``typescript``, ``python``, in this order."""
    limits: Limits = field(default_factory=Limits)
    purpose: str = ""
    api_version: str = "1.0.0"
    host_version: str = "1.0.0"

    def may(self, resource: str, action: str) -> bool:
        """Tell whether there is such a permission."""
        return any(one.key == f"{resource}.{action}" for one in self.permissions)

    @property
    def package(self) -> str:
        """The name of the system as part of a Python name."""
        return self.slug.replace("-", "_")

    @property
    def storage(self) -> bool:
        """Whether plugins store values."""
        return self.may("storage", "read") or self.may("storage", "write")

    @property
    def network(self) -> bool:
        """Whether plugins fetch from the network."""
        return self.may("network", "fetch")

    @cached_property
    def resources(self) -> tuple[Permission, ...]:
        """Permissions of services that the application brings along."""
        own = {"storage.read", "storage.write", "network.fetch"}
        asked = {one.permission for one in (*self.events, *self.commands)}
        return tuple(one for one in self.permissions if one.key not in own and (one.served or one.key not in asked))

    @cached_property
    def served(self) -> tuple[Interaction, ...]:
        """Commands that plugins provide."""
        return tuple(one for one in self.commands if one.owner == "plugin")

    @cached_property
    def handled(self) -> tuple[Interaction, ...]:
        """Events that plugins hear."""
        return tuple(one for one in self.events if one.owner == "host")

    @cached_property
    def emitted(self) -> tuple[Interaction, ...]:
        """Events that the starter plugin emits: it needs an occasion, and no permission beside its own."""
        occasion = self.handled or any(not one.pure for one in self.served)
        return tuple(one for one in self.events if one.owner == "plugin" and not one.permission and occasion)

    @property
    def notes(self) -> bool:
        """Whether the starter plugin counts something."""
        return bool(self.handled) or any(not one.pure for one in self.served)

    @property
    def counts_in_memory(self) -> bool:
        """Whether the starter plugin counts in memory, for want of a storage."""
        return not (self.may("storage", "read") and self.may("storage", "write"))

    @property
    def starter_permissions(self) -> tuple[Permission, ...]:
        """What the starter plugin asks for: no more than it uses."""
        if self.counts_in_memory or not self.notes:
            return ()
        return tuple(one for one in self.permissions if one.resource == "storage")

    @property
    def starter_triggers(self) -> tuple[str, ...]:
        """What the starter plugin waits for; a step of a chain has to be there from the start."""
        if not self.lazy or self.points:
            return ()
        return (
            *(f"onCommand:{one.name}" for one in self.served),
            *(f"onEvent:{one.name}" for one in self.handled),
        )

    @property
    def starter_waits(self) -> bool:
        """Whether the starter plugin is started when it is needed first."""
        return bool(self.starter_triggers)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of what plugins register."""
        parts = (("event", self.events), ("command", self.commands), ("point", self.points))
        return tuple(kind for kind, found in parts if found)

    @property
    def catalogues(self) -> dict[str, str]:
        """The table of the catalogue for each kind."""
        return {"event": "EVENTS", "command": "COMMANDS", "point": "POINTS"}

    @property
    def catalogue_names(self) -> str:
        """The tables that the catalogue has, in the order of the alphabet."""
        return ", ".join(sorted(self.catalogues[kind] for kind in self.kinds))

    @property
    def features(self) -> tuple[str, ...]:
        """Services that a manifest may require."""
        parts = {
            "commands": self.commands, "events": self.events, "middleware": self.points,
            "network": self.network, "storage": self.storage,
        }  # fmt: skip
        resources = {one.resource for one in self.resources}
        return tuple(sorted({*(name for name, there in parts.items() if there), *resources}))

    @property
    def registered_keys(self) -> tuple[str, ...]:
        """What the starter plugin registers."""
        return tuple(
            sorted(
                [f"event {one.name}" for one in self.handled]
                + [f"command {one.name}" for one in self.served]
                + [f"point {one.name}" for one in self.points]
            )
        )

    @property
    def engine(self) -> bool:
        """Whether plugins in TypeScript run in an engine."""
        return self.boundary == "B3"

    @property
    def ts_isolation(self) -> str:
        """How the host in TypeScript keeps plugins apart; an engine with a home of its own is a process to the host."""
        engine = "process" if self.engine_apart else "engine"
        return {"B3": engine, "B5": "remote"}.get(self.boundary, self._near)

    @property
    def py_isolation(self) -> str:
        """How the host in Python keeps plugins apart: it has no engine for Python, so it takes the next step up."""
        return {"B3": "process", "B5": "remote"}.get(self.boundary, self._near)

    @property
    def _near(self) -> str:
        return "in-process" if self.boundary in ("B0", "B1") else "process"

    @property
    def sandboxed_ts(self) -> bool:
        """Whether the process of a plugin in TypeScript starts in a sandbox of the operating system."""
        return self.boundary == "B4" or (self.engine and self.engine_apart)

    @property
    def sandboxed_py(self) -> bool:
        """Whether the process of a plugin in Python starts in a sandbox of the operating system."""
        return self.boundary in ("B3", "B4")

    @property
    def supervised(self) -> bool:
        """Whether plugins can end by themselves and are started again."""
        return self._near == "process"

    @property
    def storage_owner(self) -> str:
        """Whose values a storage holds, in words."""
        tenant = {"single": "this plugin", "friendly": "this plugin and the tenant of the call"}
        whose = tenant.get(self.tenancy, "this plugin and this tenant")
        return f"{whose}, and this major version," if self.side_by_side else whose

    @property
    def storage_key_words(self) -> str:
        """What names a file of the storage, in words."""
        parts = ["plugin"] if self.tenancy == "single" else ["tenant", "plugin"]
        if self.side_by_side:
            parts.append("major version")
        return " and ".join(parts) if len(parts) < 3 else "tenant, plugin and major version"

    @property
    def boundary_name_py(self) -> str:
        """The boundary of the host in Python, in words."""
        return {
            "in-process": "in the heap of the host",
            "process": "each in a process of its own",
            "remote": "each as a service of its own, behind a connection",
        }[self.py_isolation]

    @property
    def boundary_name_ts(self) -> str:
        """The boundary of the host in TypeScript, in words."""
        return {
            "in-process": "in the heap of the host",
            "engine": "each in an engine of its own, on a thread of its own",
            "process": "each in a process of its own",
            "remote": "each as a service of its own, behind a connection",
        }[self.ts_isolation]
