"""The diagrams of what moves: the life of a plugin, how it is loaded, and how a call goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.design.diagrams.model import START, Edge, Flow, Message, Node, Sequence

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided


def lifecycle(decided: Decided) -> Flow:
    """Return the state machine of a plugin, with the failures that the design names."""
    bundled = decided.chosen("registry_location") == "bundled"
    nodes = [Node(START, "start"), Node("discovered", "Discovered", "state"), Node("validated", "Validated", "state")]
    edges = [Edge(START, "discovered", "found"), Edge("discovered", "validated", "manifest read as data")]
    if bundled:
        edges.append(Edge("validated", "loaded", "digest fits"))
    else:
        nodes.append(Node("fetched", "Fetched", "state"))
        edges += [Edge("validated", "fetched", "graph resolved"), Edge("fetched", "loaded", "bytes verified")]
    nodes += [Node(name, name.capitalize(), "state") for name in ("loaded", "active", "disabled", "unloaded")]
    edges += [
        Edge("loaded", "active", "activated in time" if _has_deadline(decided) else "activated"),
        Edge("active", "disabled", "disabled"),
        Edge("disabled", "active", "enabled"),
        Edge("active", "unloaded", "deactivated"),
        Edge("disabled", "unloaded", "deactivated"),
    ]
    edges += _failures(decided, nodes)
    return Flow("lifecycle", "The states of a plugin", tuple(nodes), tuple(edges), machine=True)


def _has_deadline(decided: Decided) -> bool:
    return decided.chosen("activation_deadline") == "deadline_then_quarantine"


def _failures(decided: Decided, nodes: list[Node]) -> list[Edge]:
    """Add the further states that were chosen, and return what leads to them and away."""
    edges: list[Edge] = []

    def add(option: str, label: str, *further: Edge, bad: bool = True) -> None:
        if decided.includes("states", option):
            nodes.append(Node(option, label, "bad" if bad else "state"))
            edges.extend(further)

    late = "crashed or too late" if _has_deadline(decided) else "crashed"
    add("failed", "Failed", Edge("loaded", "failed", late), Edge("active", "failed", "crashed"),
        Edge("failed", "loaded", "tried again"))  # fmt: skip
    source = "failed" if decided.includes("states", "failed") else "active"
    out = [Edge(source, "quarantined", "too often"), Edge("quarantined", "discovered", "lifted by a person")]
    if decided.chosen("kill_switch") == "signed_list":
        out.append(Edge("active", "quarantined", "on the block list"))
    add("quarantined", "Quarantined", *out)
    add("updating", "Updating", Edge("active", "updating", "new version"), Edge("updating", "active", "taken over"),
        bad=False)  # fmt: skip
    if decided.includes("states", "updating"):
        add("rolled_back", "Rolled back", Edge("updating", "rolled_back", "new version failed"),
            Edge("rolled_back", "active", "old version goes on"))  # fmt: skip
    add("uninstalled", "Uninstalled", Edge("unloaded", "uninstalled", "removed"), bad=False)
    return edges


def loading(decided: Decided) -> Sequence:
    """Return how a plugin is loaded."""
    remote = decided.chosen("registry_location") != "bundled"
    source = ("registry", "Registry" if remote else "Bundle")
    actors = [("host", "Host"), source, ("grants", "Grants"), ("isolation", "Isolation"), ("plugin", "Plugin")]
    messages = [Message("host", "registry", "manifest"), Message("registry", "host", "data", reply=True)]
    if decided.chosen("resolution") == "whole_graph":
        messages.append(Message("host", "host", "resolve the whole graph"))
    if remote:
        messages += [Message("host", "registry", "package"), Message("registry", "host", "bytes", reply=True)]
    checks = {"digest": "verify the digest", "version": "compare the version", "branch": "take what there is"}
    messages.append(Message("host", "host", checks[decided.chosen("pinning")]))
    if decided.chosen("signing") == "required":
        messages.append(Message("host", "host", "verify the signature"))
    messages += [
        Message("host", "grants", "what is granted?"),
        Message("grants", "host", "grants", reply=True),
        Message("host", "isolation", f"start with {_count(decided)}"),
        Message("isolation", "plugin", "import"),
        Message("isolation", "plugin", "activate(context)"),
        Message("plugin", "isolation", "registrations", reply=True),
        Message("isolation", "host", "active", reply=True),
    ]
    return Sequence("loading", "How a plugin is loaded", tuple(actors), tuple(messages))


def _count(decided: Decided) -> str:
    count = len(decided.choices["limits"].texts)
    return f"{count} limit{'' if count == 1 else 's'}"


def call(decided: Decided) -> Sequence:
    """Return how a call goes: a command where the design has one, else an event or a chain."""
    commands, chains = decided.of_pattern("command"), decided.of_pattern("middleware")
    if commands:
        one = commands[0]
        title = f"How the command {one.name} goes"
        actors = [("caller", "Caller"), ("host", "Host"), ("grants", "Grants"), ("plugin", "Plugin")]
        messages = [Message("caller", "host", one.name)]
        if decided.chosen("command_caller") == "context_and_permission":
            messages.append(Message("host", "grants", f"may it? {one.permission}".rstrip() if one.permission
                                    else "who calls?"))  # fmt: skip
            messages.append(Message("grants", "host", "yes, else the call is denied", reply=True))
        if one.cached:
            messages.append(Message("host", "host", "look into the cache"))
        messages += [
            Message("host", "plugin", f"execute, {one.deadline_ms} ms at most"),
            Message("plugin", "host", "result", reply=True),
            Message("host", "host", "record the call"),
            Message("host", "caller", "result", reply=True),
        ]
        return Sequence("call", title, tuple(actors), tuple(messages))
    one = chains[0] if chains else decided.interactions[0]
    actors = [("caller", "Host"), ("host", "Chain" if chains else "Event bus"), ("plugin", "Plugin")]
    messages = [
        Message("caller", "host", one.name),
        Message("host", "plugin", f"{'step' if chains else 'deliver'}, {one.deadline_ms} ms at most"),
    ]
    if chains:
        messages += [Message("plugin", "host", "changed or refused", reply=True),
                     Message("host", "caller", "value", reply=True)]  # fmt: skip
    return Sequence("call", f"How {one.name} goes", tuple(actors), tuple(messages))
