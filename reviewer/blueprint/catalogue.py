"""What host and plugins have in common: services, permissions, interactions."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from reviewer.blueprint.inputs import Need

NAME: Final = r"^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$"
PERMISSION: Final = r"^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$"
FIELD: Final = r"^[a-z][a-zA-Z0-9]*$"


def one_line(value: object) -> object:
    """Return a text with its words on one line: a file may fold what people write over several."""
    return " ".join(value.split()) if isinstance(value, str) else value


Name: TypeAlias = Annotated[str, Field(pattern=NAME, max_length=80)]
PermissionName: TypeAlias = Annotated[str, Field(pattern=PERMISSION, max_length=80)]
FieldName: TypeAlias = Annotated[str, Field(pattern=FIELD, max_length=60)]
FieldType: TypeAlias = Literal["string", "number", "integer", "boolean", "string[]", "number[]", "object"]
Text: TypeAlias = Annotated[str, BeforeValidator(one_line), Field(min_length=1, max_length=2000)]
Pattern: TypeAlias = Literal["event", "command", "middleware"]

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)


class Permission(BaseModel):
    """Something that a plugin may be allowed: resource and action, and how far it reaches."""

    model_config = _STRICT

    name: PermissionName = Field(description="Resource and action.", examples=["network.fetch"])
    reason: Text | None = Field(
        default=None,
        description="Why plugins need it, as users read it.",
        examples=["Fetches tide tables of the harbour."],
    )
    scope: dict[Annotated[str, Field(max_length=40)], list[Annotated[str, Field(max_length=200)]]] | None = Field(
        default=None,
        description="What it is limited to: hosts, paths, commands, keys, …",
        examples=[{"hosts": ["api.example.org"]}],
        max_length=20,
    )


class Service(BaseModel):
    """A service of the context that the host hands to a plugin."""

    model_config = _STRICT

    name: Name = Field(description="Name in the context.", examples=["storage"])
    purpose: Text | None = Field(
        default=None, description="What it is for.", examples=["Keeps small values of one plugin."]
    )
    permissions: list[PermissionName] = Field(
        default=[], description="What a plugin must be granted to use it.", examples=[["storage.read"]], max_length=20
    )
    tenant_scoped: bool | None = Field(
        default=None, description="Whether every instance belongs to one tenant.", examples=[True]
    )


class Interaction(BaseModel):
    """One way in which host and plugins speak to each other."""

    model_config = _STRICT

    name: Name = Field(description="Name in the catalogue.", examples=["order.created"])
    needs: list[Need] = Field(description="What it has to give.", examples=[["fanout"]], min_length=1, max_length=5)
    purpose: Text | None = Field(
        default=None, description="What it is for.", examples=["Tells that an order was placed."]
    )
    pattern: Pattern | None = Field(
        default=None, description="How it is done, where the recommendation is overruled.", examples=["event"]
    )
    owner: Literal["host", "plugin"] | None = Field(
        default=None, description="Who emits the event, serves the command or runs the chain.", examples=["host"]
    )
    version: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        default=None, description="Major version of its schema.", examples=[1]
    )
    payload: dict[FieldName, FieldType] | None = Field(
        default=None, description="Fields of what is sent, by type.", examples=[{"id": "string"}], max_length=40
    )
    result: dict[FieldName, FieldType] | None = Field(
        default=None, description="Fields of the answer, by type.", examples=[{"total": "number"}], max_length=40
    )
    permission: PermissionName | None = Field(
        default=None, description="What a caller must be granted.", examples=["orders.read"]
    )
    authorizes: bool | None = Field(
        default=None, description="Whether its outcome decides what somebody may do.", examples=[False]
    )
    subscribers: Literal["one", "many"] | None = Field(default=None, description="How many listen.", examples=["many"])
    synchronous: bool | None = Field(
        default=None, description="Whether the caller gets the result before it goes on.", examples=[False]
    )
    pure: bool | None = Field(
        default=None,
        description="Whether equal arguments always give an equal result and nothing else happens.",
        examples=[True],
    )
    cached: bool | None = Field(default=None, description="Whether its results are kept.", examples=[True])
    deadline_ms: Annotated[int, Field(ge=1, le=3_600_000)] | None = Field(
        default=None, description="Milliseconds after which it is given up.", examples=[2000]
    )
    on_failure: Literal["closed", "open"] | None = Field(
        default=None, description="What a failing step of a chain means: refused, or left out.", examples=["closed"]
    )
