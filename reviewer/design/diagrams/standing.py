"""The diagrams of what stands: the system in its surroundings, its parts, services and permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.design.diagrams.model import Edge, Flow, Group, Node

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided

_AUTHORS: Final = {
    "self": "Yourselves", "internal": "Your own people", "partner": "Partners", "public": "The public",
}  # fmt: skip
_BOUNDARY: Final = {
    "B0": "Same heap (B0)", "B1": "Same process (B1)", "B2": "Own process (B2)", "B3": "Engine with limits (B3)",
    "B4": "Locked process (B4)", "B5": "Remote service (B5)",
}  # fmt: skip
_PACKAGES: Final = {"bundled": "Bundle", "mirror": "Mirror", "remote": "Registry on the internet"}


def context(decided: Decided) -> Flow:
    """Return the system in its surroundings, with the boundary around plugins."""
    boundary, many = decided.chosen("boundary"), decided.answer("tenancy") != "single"
    nodes = [
        Node("authors", _AUTHORS[str(decided.answer("authors"))], "actor"),
        Node("users", "Customers" if many else "Users", "actor"),
        Node("packages", _PACKAGES[decided.chosen("registry_location")], "store"),
        Node("host", decided.design.host.name, "part"),
        Node("grants", "Grants", "store"),
        Node("plugin", "Plugins, one for each tenant" if decided.chosen("tenancy_model") == "instance_per_tenant"
             else "Plugins", "plugin", "boundary"),
    ]  # fmt: skip
    edges = [
        Edge("authors", "packages", "publish"),
        Edge("users", "host", "use and grant"),
        Edge("packages", "host", f"packages, {'signed' if decided.chosen('signing') == 'required' else 'pinned'}"),
        Edge("host", "grants", "asks"),
        Edge("host", "plugin", "granted services only" if decided.trust < 3 else "services"),
    ]
    if any(one.resource == "network" for one in decided.permissions):
        nodes.append(Node("outside", "Listed hosts", "actor"))
        edges.append(Edge("host", "outside", "fetches for plugins"))
    if decided.chosen("audit") == "host":
        nodes.append(Node("audit", "Audit log", "store"))
        edges.append(Edge("host", "audit", "writes"))
    return Flow("context", "The system in its surroundings", tuple(nodes), tuple(edges),
                (Group("boundary", _BOUNDARY[boundary]),))  # fmt: skip


def parts(decided: Decided) -> Flow:
    """Return the parts of the host and what each depends on."""
    nodes = [
        Node("host", "Host"), Node("loader", "Loader"), Node("registry", "Plugin registry"),
        Node("lifecycle", "Life cycle"), Node("permissions", "Permission manager"), Node("context", "Plugin context"),
        Node("isolation", "Isolation"), Node("grants", "Store of grants", "store"), Node("plugin", "Plugin", "plugin"),
    ]  # fmt: skip
    edges = [
        Edge("host", "loader"), Edge("host", "lifecycle"), Edge("loader", "registry"), Edge("lifecycle", "isolation"),
        Edge("lifecycle", "context"), Edge("context", "permissions"), Edge("permissions", "grants"),
        Edge("isolation", "plugin", "runs"), Edge("context", "plugin", "is handed to"),
    ]  # fmt: skip
    for pattern, name, label in (
        ("event", "bus", "Event bus"), ("command", "commands", "Commands"), ("middleware", "chain", "Middleware"),
    ):  # fmt: skip
        if decided.of_pattern(pattern):
            nodes.append(Node(name, label))
            edges.append(Edge("context", name))
    if decided.chosen("monitoring"):
        nodes.append(Node("monitoring", "Monitoring"))
        edges.append(Edge("lifecycle", "monitoring"))
    return Flow("parts", "The parts of the host and what they depend on", tuple(nodes), tuple(edges))


def permissions(decided: Decided) -> Flow:
    """Return which service and which interaction asks for which permission."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    for service in decided.services:
        if service.permissions:
            nodes.append(Node(f"service {service.name}", service.name, "part"))
            edges += [Edge(f"service {service.name}", f"permission {name}") for name in service.permissions]
    for one in decided.interactions:
        if one.permission:
            nodes.append(Node(f"interaction {one.name}", one.name, "actor"))
            edges.append(Edge(f"interaction {one.name}", f"permission {one.permission}", dashed=True))
    nodes += [
        Node(f"permission {one.name}", one.name, "bad" if one.risk * one.breadth >= 7 else "store")
        for one in decided.permissions
    ]
    return Flow("permissions", "Services and interactions, and the permissions that they ask for", tuple(nodes),
                tuple(edges), across=True)  # fmt: skip
