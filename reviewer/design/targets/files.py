"""Makes the files of a plugin for a host that is there already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.blueprint.targets import targets
from reviewer.design.artefacts.files import template
from reviewer.design.targets.skeleton import skeleton_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.blueprint.decided import Decided
    from reviewer.design.targets.skeleton import Skeleton

PLUGIN: Final = "plugin/"
"""Where the plugin stands in the output folder."""
PLAN: Final = "docs/plugin.md"
"""Where its page for people stands."""


def target_files(decided: Decided) -> Iterator[tuple[str, str]]:
    """Yield place and text of every file of the plugin, and of the page that says how to go on."""
    name = str(decided.design.target)
    data, skeleton = targets()[name], skeleton_of(decided)
    files = sorted(_plugin(name, skeleton))
    yield from files
    yield (
        PLAN,
        template("plan.md.j2").render(
            c=skeleton, target=name, steps=data["step"], sources=data["source"], files=[path for path, _text in files]
        ),
    )


def _plugin(name: str, skeleton: Skeleton) -> Iterator[tuple[str, str]]:
    """Yield place and text; a file whose place names ``{command}`` is made once for each command."""
    for entry in targets()[name]["file"]:
        made = template(f"{name}/{entry['from']}")
        for command in skeleton.commands if "{command}" in entry["to"] else skeleton.commands[:1]:
            place = entry["to"].format(slug=skeleton.slug, package=skeleton.snake, command=command.name)
            yield f"{PLUGIN}{place}", made.render(c=skeleton, command=command)
