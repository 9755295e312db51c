"""What a design starts from: the answers to the questions of the interview."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field

Authors: TypeAlias = Literal["self", "internal", "partner", "public"]
Reviewed: TypeAlias = Literal["none", "first", "every_version"]
Language: TypeAlias = Literal[
    "javascript", "typescript", "python", "java", "kotlin", "csharp", "go", "rust", "c", "cpp", "lua", "php", "ruby",
    "swift",
]  # fmt: skip
HostRuntime: TypeAlias = Literal[
    "browser", "electron", "node", "python", "jvm", "go", "rust", "native", "php", "edge"
]  # fmt: skip
MayDie: TypeAlias = Literal["host", "plugin", "request"]
Data: TypeAlias = Literal["public", "internal", "personal", "regulated", "secrets"]
Tenancy: TypeAlias = Literal["single", "friendly", "hostile"]
Network: TypeAlias = Literal["offline", "intranet", "internet"]
Reload: TypeAlias = Literal["none", "dev", "prod"]
Need: TypeAlias = Literal["reply", "fanout", "transform", "veto", "stream"]
Stack: TypeAlias = Literal["threads", "native_code", "gui", "raw_sockets", "own_service"]

_Count: TypeAlias = Annotated[int, Field(ge=0, le=1_000_000_000)]
_Amount: TypeAlias = Annotated[float, Field(gt=0, le=1_000_000_000)]
_Word: TypeAlias = Annotated[str, Field(min_length=1, max_length=100)]

SCALES: Final[dict[str, tuple[str, ...]]] = {
    "authors": ("self", "internal", "partner", "public"),
    "reviewed": ("none", "first", "every_version"),
    "data": ("public", "internal", "personal", "regulated", "secrets"),
    "tenancy": ("single", "friendly", "hostile"),
    "network": ("offline", "intranet", "internet"),
    "reload": ("none", "dev", "prod"),
}
"""Inputs whose values have an order, from the least: rules may compare them."""


class Inputs(BaseModel):
    """The inputs of a design; None means that nobody has answered, and the question's default holds."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    authors: Authors | None = Field(default=None, description="Who writes the plugins.", examples=["public"])
    reviewed: Reviewed | None = Field(
        default=None, description="Which versions somebody reads before users get them.", examples=["every_version"]
    )
    dependency_authors: Authors | None = Field(
        default=None, description="The least known author of what plugins depend on.", examples=["public"]
    )
    plugin_count: _Count | None = Field(default=None, description="Plugins of one installation.", examples=[40])
    install_base: _Count | None = Field(default=None, description="Installations of the host.", examples=[5000])
    languages: list[Language] | None = Field(
        default=None,
        description="Languages that plugins are written in.",
        examples=[["typescript"]],
        min_length=1,
        max_length=14,
    )
    host_runtime: HostRuntime | None = Field(default=None, description="What the host runs on.", examples=["node"])
    host_instances: _Count | None = Field(
        default=None, description="Processes of one host at the same time.", examples=[1]
    )
    latency_ms: _Amount | None = Field(
        default=None, description="Milliseconds that one call of a plugin may take.", examples=[50]
    )
    calls_per_s: _Amount | None = Field(default=None, description="Calls of plugins in a second.", examples=[100])
    payload_kb: _Amount | None = Field(default=None, description="Kilobytes that one call carries.", examples=[4])
    sync_shared_object: bool | None = Field(
        default=None, description="Whether plugins work on an object of the host synchronously.", examples=[False]
    )
    crash_tolerance: MayDie | None = Field(
        default=None, description="What may die when a plugin crashes.", examples=["plugin"]
    )
    data: Data | None = Field(
        default=None, description="The most precious data in reach of plugins.", examples=["personal"]
    )
    tenancy: Tenancy | None = Field(
        default=None,
        description="Whether customers share the host, and whether they are each other's enemies.",
        examples=["single"],
    )
    network: Network | None = Field(default=None, description="What the host can reach.", examples=["internet"])
    auto_update: bool | None = Field(
        default=None, description="Whether plugins are updated without asking.", examples=[True]
    )
    runtime_install: bool | None = Field(
        default=None, description="Whether plugins are installed while the host runs.", examples=[True]
    )
    reload: Reload | None = Field(
        default=None, description="Where plugins are replaced without a restart.", examples=["dev"]
    )
    evictable_host: bool | None = Field(
        default=None, description="Whether the process of the host may vanish between two calls.", examples=[False]
    )
    ui: bool | None = Field(default=None, description="Whether plugins show something to users.", examples=[True])
    needs: list[Need] | None = Field(
        default=None,
        description="What interactions between host and plugins have to give.",
        examples=[["reply", "fanout"]],
        min_length=1,
        max_length=5,
    )
    stack: list[Stack] | None = Field(
        default=None,
        description="What plugins bring or need besides plain code.",
        examples=[["native_code"]],
        max_length=5,
    )
    plugin_dependencies: bool | None = Field(
        default=None, description="Whether plugins depend on one another.", examples=[True]
    )
    compliance: list[_Word] | None = Field(
        default=None, description="Laws and certificates that ask for evidence.", examples=[["GDPR"]], max_length=20
    )
    support_months: _Count | None = Field(
        default=None, description="Months that a published interface is kept.", examples=[12]
    )
    team_size: _Count | None = Field(default=None, description="People who keep the host.", examples=[4])


INPUTS: Final = tuple(Inputs.model_fields)
"""The keys of the inputs, in the order of the model."""


def texts_of(annotation: Any) -> tuple[str, ...]:
    """Return the texts that a type of the model admits, in their order; none where it admits any."""
    found: list[str] = []
    for argument in get_args(annotation):
        found += [argument] if isinstance(argument, str) else texts_of(argument)
    return tuple(found)


def is_list(annotation: Any) -> bool:
    """Tell whether a type of the model is a list."""
    return any(getattr(argument, "__origin__", None) is list for argument in (annotation, *get_args(annotation)))
