"""Schemas and types of permissions, in many libraries and languages, with and without a place for hosts."""

from __future__ import annotations

import pytest
from idioms import findings

FLAWS = [
    ("a.ts",'import { z } from "zod";\nexport const Permissions = z.object({\n  storage: z.object({ read: z.boolean(), write: z.boolean() }).partial(),\n  network: z.object({ fetch: z.boolean() }).partial(), // <- here\n});'),
    ("a.ts",'export interface Manifest {\n  id: string;\n  permissions: {\n    storage?: { read?: boolean };\n    network?: { fetch?: boolean }; // <- here\n  };\n}'),
    ("a.ts",'export interface NetworkPermission {\n  fetch: boolean; // <- here\n}\nexport interface PermissionSet { network?: NetworkPermission }'),
    ("a.py",'from typing import TypedDict\n\nclass NetworkGrant(TypedDict, total=False):\n    fetch: bool  # <- here\n\nclass Permissions(TypedDict, total=False):\n    network: NetworkGrant'),
    ("a.py",'from dataclasses import dataclass\n\n@dataclass(frozen=True)\nclass Permissions:\n    storage_read: bool = False\n    network: bool = False  # <- here'),
    ("a.py",'SCHEMA = {\n    "type": "object",\n    "properties": {\n        "permissions": {\n            "type": "object",\n            "properties": {\n                "storage": {"type": "boolean"},\n                "network": {"type": "boolean"},  # <- here\n            },\n        },\n    },\n}'),
    ("a.ts",'const schema = { permissions: { type: "object", properties: { network: { type: "object", properties: { fetch: { type: "boolean" } } } } } }; // <- here'),
]  # fmt: skip

RIGHT = [
    ("a.ts",'import { z } from "zod";\nexport const Permissions = z.object({\n  network: z.object({ fetch: z.boolean(), hosts: z.array(z.string()) }),\n});'),
    ("a.py",'class Permissions:\n    network: list[str]\n    storage: bool'),
    ("a.ts",'export interface Features { network: boolean; storage: boolean }'),
    ("a.ts",'const capabilities = { network: { timeout: 3, retries: 2 } };'),
    ("a.ts",'export interface NetworkPermission { fetch: boolean; allowedHosts: string[] }\nexport interface PermissionSet { network?: NetworkPermission }'),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text"), FLAWS)
def test_a_permission_for_the_network_without_a_place_for_hosts_is_found(path, text):
    marked = [number for number, line in enumerate(text.split("\n"), 1) if "<- here" in line]
    assert findings("SEC043", {path: text}) == [(path, line) for line in marked]


@pytest.mark.parametrize(("path", "text"), RIGHT)
def test_what_names_hosts_or_is_no_permission_is_left_alone(path, text):
    assert findings("SEC043", {path: text}) == []
