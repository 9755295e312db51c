"""The design model: the one file ``plugin-design.yaml``, as types."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from reviewer.blueprint.catalogue import FIELD, NAME, PERMISSION, Interaction, Permission, Service, Text, one_line
from reviewer.blueprint.inputs import Inputs

_IDENTITY: Final = r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*)+$"
_KEY: Final = r"^[a-z][a-z0-9_]*$"
_RULE: Final = r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$"
_DATE: Final = r"^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$"
FORMS: Final = {
    _IDENTITY: "lower-case words with dots, the other way round from a web address",
    _KEY: "a lower-case name with underscores, as `reviewer design --keys` lists them",
    _RULE: "lower-case words with hyphens, as `reviewer design` names rules",
    _DATE: "a day as YYYY-MM-DD",
    NAME: "lower-case words with dots or hyphens",
    PERMISSION: "a resource, a dot and an action, in lower case",
    FIELD: "a name that begins with a lower-case letter, of letters and digits",
}
"""Patterns of the model in words."""

Identity: TypeAlias = Annotated[str, Field(pattern=_IDENTITY, max_length=150)]
Title: TypeAlias = Annotated[str, BeforeValidator(one_line), Field(min_length=1, max_length=100)]
Key: TypeAlias = Annotated[str, Field(pattern=_KEY, max_length=60)]
RuleName: TypeAlias = Annotated[str, Field(pattern=_RULE, max_length=80)]
Date: TypeAlias = Annotated[str, Field(pattern=_DATE)]
Chosen: TypeAlias = str | int | list[str]
"""A value of a dimension: an option, a number, or several options."""

FORMAT: Final = 1
"""Version of the format of the file."""

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)


class Product(BaseModel):
    """The name of the host or of the example plugin."""

    model_config = _STRICT

    id: Identity = Field(description="Identity in reverse DNS.", examples=["com.example.tides"])
    name: Title = Field(description="Name for people.", examples=["Tide tables"])


UNNAMED: Final = Product(id="com.example.host", name="Host")
"""The host of a design that nobody has named."""


class Override(BaseModel):
    """A decision that a person took against, or before, the recommendation."""

    model_config = _STRICT

    choose: Chosen = Field(
        description="The option, or a list of options where the dimension takes several.", examples=["B2"]
    )
    reason: Text = Field(description="Why it was chosen.", examples=["The editor is an internal tool of one team."])


class Waiver(BaseModel):
    """A contradiction or warning that somebody answers for, until a day."""

    model_config = _STRICT

    rule: RuleName = Field(description="The rule that is waived.", examples=["partner-needs-limits"])
    about: Title | None = Field(
        default=None,
        description="The interaction, permission or service; all of them without it.",
        examples=["order.created"],
    )
    reason: Text = Field(description="Why it is accepted.", examples=["Limits come with the next major version."])
    owner: Title = Field(description="Who answers for it.", examples=["Dana Reyes"])
    expires: Date = Field(description="The last day on which it holds.", examples=["2027-06-30"])


class Question(BaseModel):
    """Something that is not known yet."""

    model_config = _STRICT

    question: Text = Field(description="What is not known.", examples=["Who signs in an emergency?"])
    owner: Title | None = Field(default=None, description="Who finds out.", examples=["Dana Reyes"])


class Design(BaseModel):
    """The design of a plugin system."""

    model_config = _STRICT

    design: Literal[1] = Field(default=1, description="Version of the format of this file.", examples=[1])
    host: Product = Field(description="The host that is extended.")
    plugin: Product | None = Field(default=None, description="The example plugin of the starter code.")
    target: RuleName | None = Field(
        default=None,
        description="The host that is there already, by its ecosystem; without it the host is designed, too.",
        examples=["vscode"],
    )
    summary: Text | None = Field(
        default=None,
        description="What plugins are for, in a sentence.",
        examples=["Harbours add their own predictions."],
    )
    goals: list[Text] = Field(default=[], description="What the system is to achieve.", max_length=50)
    non_goals: list[Text] = Field(default=[], description="What it is not to achieve.", max_length=50)
    constraints: list[Text] = Field(default=[], description="What can't be changed.", max_length=50)
    inputs: Inputs = Field(default=Inputs(), description="The answers that everything is decided from.")
    services: list[Service] = Field(default=[], description="What the context hands to plugins.", max_length=100)
    permissions: list[Permission] = Field(default=[], description="What plugins may be granted.", max_length=100)
    interactions: list[Interaction] = Field(
        default=[], description="How host and plugins speak to each other.", max_length=200
    )
    decisions: dict[Key, Override] = Field(
        default={}, description="Decisions of people, by dimension; all others follow the rules.", max_length=200
    )
    waivers: list[Waiver] = Field(
        default=[], description="Contradictions and warnings that somebody answers for.", max_length=200
    )
    questions: list[Question] = Field(default=[], description="What is not known yet.", max_length=100)
