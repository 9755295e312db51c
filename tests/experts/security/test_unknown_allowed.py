"""Decisions that allow whoever has no entry, in many spellings, and decisions that only look like them."""

from __future__ import annotations

import pytest
from idioms import findings

BAD = {
    "not-deny": "class Gate { #rules = new Map();\n mayUse(plugin, action) {\n  const e = this.#rules.get(plugin)?.[action];\n  return e !== 'deny'; } }",
    "not-false": "export function isAllowed(policy, pluginId, perm) {\n return policy[pluginId]?.[perm] !== false;\n}",
    "no-policy": "class Acl {\n can(user, action) {\n  const rule = this.rules.find((r) => r.user === user);\n  if (!rule) return true;\n  return rule.actions.includes(action); } }",
    "double-equals": "function hasPermission(grants, id, perm) {\n const entry = grants.get(id);\n if (entry == null) { return true; }\n return entry.has(perm);\n}",
    "undefined-compare": "const mayCall = (caller, verb) => {\n const grant = grants.get(caller);\n if (grant === undefined) return true;\n return grant.verbs.has(verb);\n};",
    "negated-list": "function isPermitted(grants, plugin, scope) {\n const state = grants[plugin];\n return !['deny', 'blocked'].includes(state);\n}",
    "conditional": "function checkPermission(table, plugin, perm) {\n const rights = table.get(plugin);\n return rights ? rights.has(perm) : true;\n}",
    "or-missing": "function canAccess(plugin, resource) {\n const policy = policies.get(plugin);\n return !policy || policy.allows(resource);\n}",
    "switch-default": "function isAllowed(plugin, action) {\n switch (rules.get(plugin)) {\n case 'deny': return false;\n default: return true;\n }\n}",
    "every-of-nothing": "function mayRun(plugin, action) {\n return (rules.get(plugin) ?? []).every((r) => r.allows(action));\n}",
    "fallthrough": "function isAllowed(plugin, action) {\n const rule = grants.get(plugin);\n if (rule === 'deny') return false;\n return true;\n}",
    "async": "class Broker { async hasPermission(appId, scope) {\n const record = await this.store.get(appId);\n if (!record) return true;\n return record.scopes.includes(scope); } }",
    "object-answer": "function checkAccess(plugin, action) {\n const entry = grants.get(plugin);\n if (!entry) return { allowed: true };\n return { allowed: entry.has(action) };\n}",
    "has-and": "function isAllowed(plugin, action) {\n if (!grants.has(plugin)) return true;\n return grants.get(plugin).has(action);\n}",
    "loop": "function isAllowed(plugin, action) {\n for (const rule of this.rules) {\n  if (rule.action === action) return rule.effect === 'allow';\n }\n return true;\n}",
    "loop-deny": "function isAllowed(plugin, action) {\n for (const rule of rules) {\n  if (rule.action === action && rule.effect === 'deny') return false;\n }\n return true;\n}",
    "and-not": "function mayWrite(plugin) {\n const g = grants.get(plugin);\n return !(g && g.write === 'deny');\n}",
}
BAD_PY = {
    "not-deny": "class Gate:\n    def may(self, plugin, verb):\n        return self._rules.get((plugin, verb)) != 'deny'\n",
    "none-true": "def is_allowed(policies, plugin, action):\n    policy = policies.get(plugin)\n    if policy is None:\n        return True\n    return action in policy\n",
    "not-x": "def has_permission(self, user, perm):\n    grants = self.grants.get(user)\n    if not grants:\n        return True\n    return perm in grants\n",
    "is-not-false": "class Policy:\n    def allows(self, addon, action):\n        return self._table.get(addon, {}).get(action) is not False\n",
    "not-in": "def can_use(grants, plugin, perm):\n    return grants.get(plugin) not in ('deny', 'none')\n",
    "missing-key": "def is_permitted(rules, plugin, verb):\n    if plugin not in rules:\n        return True\n    return verb in rules[plugin]\n",
    "all-of-nothing": "def is_authorized(policies, plugin, action):\n    return all(rule.allows(action) for rule in policies.get(plugin, []))\n",
    "loop": "def is_allowed(rules, plugin, action):\n    for rule in rules:\n        if rule.matches(plugin, action):\n            return rule.allow\n    return True\n",
    "match": "def is_allowed(grants, plugin):\n    match grants.get(plugin):\n        case 'deny':\n            return False\n        case _:\n            return True\n",
    "no-policy-field": "class Acl:\n    def __init__(self):\n        self.policy = None\n    def may_use(self, plugin, what):\n        if self.policy is None:\n            return True\n        return self.policy.has(plugin, what)\n",
    "conditional": "def can_read(grants, plugin):\n    grant = grants.get(plugin)\n    return grant.read if grant else True\n",
}
GOOD = {
    "equals-allow": "class Gate { mayUse(plugin, action) { const e = this.rules.get(plugin)?.[action];\n return e === 'allow'; } }",
    "is-true": "function isAllowed(policy, id, perm) { return policy[id]?.[perm] === true; }",
    "early-false": "function isAllowed(policies, id, perm) { const p = policies.get(id);\n if (!p) return false;\n return p.effect !== 'deny'; }",
    "requirement": "function mayRun(plugin, command) { const required = command.permission;\n if (!required) return true;\n return grants.get(plugin)?.has(required) === true; }",
    "blocklist": "function isAllowed(host) { return !blocked.get(host); }",
    "revoked-first": "function isAllowed(plugin, perm) { if (revoked.has(plugin)) return false;\n return grants.get(plugin)?.has(perm) ?? false; }",
    "admin": "function canAccess(user, doc) { if (user.role === 'admin') return true;\n return grants.get(user.id)?.has(doc) ?? false; }",
    "all-required": "function hasAll(plugin, required) { for (const p of required) { if (!granted.has(p)) return false; }\n return true; }",
    "has-all-permissions": "function hasPermissions(plugin, required) { const granted = grants.get(plugin);\n if (!granted) return false;\n for (const p of required) { if (!granted.has(p)) return false; }\n return true; }",
    "throws": "function isAllowed(plugin, perm) { const g = grants.get(plugin);\n if (!g) throw new Error('unknown');\n return g.get(perm) !== undefined; }",
    "explicit-deny-then-allow": "function isAllowed(plugin, perm) { const d = grants.get(plugin);\n if (d === 'deny') return false;\n return d === 'allow'; }",
    "not-permission": "function canParse(name) { const handler = parsers.get(name);\n if (!handler) return true;\n return handler.ok; }",
    "names": "function isVisible(node) { const entry = cache.get(node);\n if (!entry) return true;\n return entry.visible; }",
    "has-true": "function may(plugin, verb) { const rules = grants.get(plugin);\n return rules !== undefined && rules.has(verb); }",
    "has-then-get": "function isAllowed(plugin) { if (!grants.has(plugin)) return false;\n return grants.get(plugin) !== 'deny'; }",
    "exists": "function isGranted(plugin, perm) { return grants.get(plugin)?.get(perm) !== undefined; }",
}
GOOD_PY = {
    "is-true": "def is_allowed(grants, plugin, action):\n    return grants.get(plugin, {}).get(action) is True\n",
    "in": "def is_allowed(grants, plugin, action):\n    return action in grants.get(plugin, ())\n",
    "none-false": "def may(policies, plugin, action):\n    policy = policies.get(plugin)\n    if policy is None:\n        return False\n    return policy.effect(action) != 'deny'\n",
    "raises": "def may_use(grants, plugin, action):\n    return grants[plugin].get(action) is True\n",
    "required": "def has_permission(user, command):\n    needed = command.get('permission')\n    if needed is None:\n        return True\n    return needed in user.grants\n",
    "denylist": "def is_allowed(denied, host):\n    if host in denied:\n        return False\n    return host.endswith('.example.org')\n",
    "key-error": "def is_allowed(grants, plugin, perm):\n    try:\n        return perm in grants[plugin]\n    except KeyError:\n        return False\n",
    "all": "def has_permissions(granted, required):\n    return all(perm in granted for perm in required)\n",
    "bool": "def has_grant(grants, plugin, what):\n    return bool(grants.get((plugin, what)))\n",
}


@pytest.mark.parametrize("name", BAD)
def test_an_unknown_one_that_is_allowed_is_found_in_scripts(name: str) -> None:
    assert len(findings("SEC001", {"src/a.ts": BAD[name]})) == 1


@pytest.mark.parametrize("name", BAD_PY)
def test_an_unknown_one_that_is_allowed_is_found_in_python(name: str) -> None:
    assert len(findings("SEC001", {"a.py": BAD_PY[name]})) == 1


@pytest.mark.parametrize("name", GOOD)
def test_a_decision_that_denies_the_unknown_is_left_alone_in_scripts(name: str) -> None:
    assert findings("SEC001", {"src/a.ts": GOOD[name]}) == []


@pytest.mark.parametrize("name", GOOD_PY)
def test_a_decision_that_denies_the_unknown_is_left_alone_in_python(name: str) -> None:
    assert findings("SEC001", {"a.py": GOOD_PY[name]}) == []
