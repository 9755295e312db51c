"""Small browser extensions, written as people write them: each flaw on its line, and what only looks like one."""

from __future__ import annotations

import pytest
from whole import marked, reviewed

MANIFEST = {
    "manifest_version": 2,
    "name": "Tide table",
    "version": "1.4.0",
    "permissions": ["storage", "tabs", "<all_urls>"],
    "background": {"scripts": ["js/shared.js", "js/background.js"]},
}

SILENT = {
    "a name that another script of the page makes global": (
        "REG004",
        {
            "js/shared.js": "self.tideTools = { registered: new Map() };\nvar registerTide = (name) => name;\n",
            "js/background.js": "import './late.js';\nexport function start() {\n  tideTools.registered.set('a', registerTide('a'));\n}\n",
        },
    ),
    "a name that is asked for in the window": (
        "REG004",
        {"js/background.js": "export function register(text) {\n  if (typeof window.tideLog === 'function')\n    tideLog(text);\n}\n"},
    ),
    "a worker that answers who made it": (
        "COM030",
        {
            "js/finder.js": "let lists = {};\nself.onmessage = (event) => {\n  lists = event.data.lists;\n  self.postMessage({ id: event.data.id, found: lists });\n};\n",
        },
    ),
    "a list that is sent on whole a moment later": (
        "COM003",
        {
            "js/background.js": "let waiting = [];\nlet timer;\nexport function sendMessage(message) {\n  waiting.push(message);\n  timer ??= setTimeout(() => {\n    const messages = waiting;\n    waiting = [];\n    timer = undefined;\n    port.postMessage(messages);\n  }, 0);\n}\n",
        },
    ),
    "code with a text that is escaped where there is one": (
        "SEC227",
        {
            "js/background.js": "export function show(tab, title) {\n  browser.tabs.executeScript(tab, {\n    code: `(function () { ${title ? 'document.title = ' + JSON.stringify(title) + ';' : ''} })()`,\n  });\n}\n",
        },
    ),
    "a script that lies beside the one that loads it": (
        "SEC050",
        {
            "js/background.js": "const folder = (function () {\n  const hit = /[^/]+$/.exec(document.currentScript.src);\n  return document.currentScript.src.slice(0, hit.index);\n})();\nfunction load() {\n  const script = document.createElement('script');\n  script.src = folder + 'codec.js';\n  document.head.append(script);\n}\nload();\n",
        },
    ),
    "an API whose presence is asked for as a member of its own": (
        "API201",
        {
            "manifest.json": {**MANIFEST, "browser_specific_settings": {"gecko": {"id": "a@example.com", "strict_min_version": "52.0"}}},
            "js/background.js": "if (chrome.browserAction.hasOwnProperty('setBadgeTextColor')) {\n  chrome.browserAction.setBadgeTextColor({ color: '#fff' });\n}\n",
        },
    ),
    "a list that has no spaces where it is read": (
        "REG091",
        {
            "js/background.js": "const patterns = new Map();\nexport function matches(rule, url) {\n  const known = patterns.get(rule);\n  return known ? known.test(url) : url === rule;\n}\nexport function listFrom(lines) {\n  for (let line of lines) {\n    line = line.trim();\n    patterns.set(line, new RegExp(line));\n  }\n}\n",
        },
    ),
    "an element that is given the same handler again": (
        "COM009",
        {
            "js/background.js": "class Dialog {\n  constructor(root) {\n    this.root = root;\n    this.onClick = this.onClick.bind(this);\n  }\n  onClick(event) {\n    this.root.hidden = event.target !== this.root;\n  }\n  show() {\n    this.root.hidden = false;\n    this.root.addEventListener('click', this.onClick);\n  }\n}\nexport { Dialog };\n",
        },
    ),
    "a name without letters": (
        "PAT009",
        {"js/background.js": "let _ = null;\nexport async function handleRequest(request) {\n  _ = request.user;\n  await load();\n  return _.name;\n}\n"},
    ),
    "an answer that is changed on its way": (
        "SEC052",
        {
            "js/background.js": "const TYPES = ['text/html'];\nexport function watch(pruned) {\n  const real = self.fetch;\n  self.fetch = async (...args) => {\n    const answer = await real(...args);\n    const text = await answer.text();\n    return new Response(pruned(text), { headers: answer.headers });\n  };\n}\n",
        },
    ),
    "listeners that only share their method's name with an event of the browser": (
        "COM002",
        {
            "js/background.js": "const listeners = [];\nexport function addListener(listener) {\n  listeners.push(listener);\n}\nexport function start() {\n  for (const listener of listeners) {\n    try {\n      listener.onPageChanged();\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\nbrowser.tabs.onUpdated.addListener(async (id) => {\n  await browser.tabs.get(id);\n});\n",
        },
    ),
    "listeners that are objects, and events of another kind that take functions": (
        "COM002",
        {
            "js/background.js": "const watcher = {\n  listeners: [],\n  addListener(listener) {\n    this.listeners.push(listener);\n  },\n  start() {\n    for (const listener of this.listeners) {\n      try {\n        listener.onPageChanged();\n      } catch (error) {\n        console.error(error);\n      }\n    }\n  },\n};\nexport { watcher };\n",
            "js/commands.js": "api.commands.onCommand.addListener(async (command) => {\n  await api.open(command);\n});\n",
        },
    ),
    "a copy that a context gives": (
        "API020",
        {
            "js/background.js": "class FilterContext {\n  constructor(other) {\n    this.seen = new Set(other ? other.seen : []);\n  }\n  duplicate() {\n    return new FilterContext(this);\n  }\n}\nexport { FilterContext };\n",
        },
    ),
}  # fmt: skip

FLAWS = {
    "a name that no script makes": (
        "REG004",
        {"js/background.js": "export function register(name) {\n  return tideTable.add(name); // <- here\n}\n"},
    ),
    "a window that takes any message": (
        "COM030",
        {"js/background.js": "window.addEventListener('message', (event) => { // <- here\n  run(event.data.command);\n});\n"},
    ),
    "an API that nobody asks for": (
        "API201",
        {
            "manifest.json": {**MANIFEST, "browser_specific_settings": {"gecko": {"id": "a@example.com", "strict_min_version": "52.0"}}},
            "js/background.js": "chrome.browserAction.setBadgeTextColor({ color: '#fff' }); // <- here\n",
        },
    ),
    "a script from an address that a message names": (
        "SEC050",
        {
            "js/background.js": "chrome.runtime.onMessage.addListener((message) => {\n  const script = document.createElement('script');\n  script.src = message.address; // <- here\n  document.head.append(script);\n});\n",
        },
    ),
    "code with a text as it comes": (
        "SEC227",
        {
            "js/background.js": "export function show(tab, title) {\n  browser.tabs.executeScript(tab, {\n    code: `document.title = '${title ? title : ''}'`, // <- here\n  });\n}\n",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", [*SILENT, *FLAWS])
def test_code_of_an_extension(case, tmp_path):
    rule, files = {**SILENT, **FLAWS}[case]
    whole = {"manifest.json": MANIFEST, "js/shared.js": "var ready = true;\n", **files}
    assert reviewed(tmp_path, whole, rule) == marked(files, rule)


def test_a_pattern_for_all_files_may_name_any_host(tmp_path):
    script = {"matches": ["https://tides.example/*", "file://*/*", "file:///*"], "js": ["js/shared.js"]}
    said = {**MANIFEST, "background": {}, "content_scripts": [script]}
    assert reviewed(tmp_path, {"manifest.json": said, "js/shared.js": "var ready = true;\n"}, "FUN224") == []
    script["matches"] = ["https://ti*.example/*"]
    assert len(reviewed(tmp_path, {"manifest.json": said}, "FUN224")) == 1


def test_a_script_and_an_icon_that_are_links_are_there(tmp_path):
    said = {**MANIFEST, "icons": {"48": "tide.png"}, "browser_action": {"default_popup": "popup.html"}}
    files = {
        "manifest.json": said,
        "js/shared.js": "var ready = true;\n",
        "js/background.js": "var here = true;\n",
        "popup.html": '<!DOCTYPE html>\n<script src="d3.min.js"></script>\n',
    }
    assert {rule for rule, _path, _line in reviewed(tmp_path, files, "REG110", "REG220")} == {"REG110", "REG220"}
    (tmp_path / "d3.min.js").symlink_to("/usr/share/javascript/d3/d3.min.js")
    (tmp_path / "tide.png").symlink_to("js/shared.js")
    assert reviewed(tmp_path, files, "REG110", "REG220") == []


def test_many_names_that_are_newer_than_a_very_old_promise_have_one_cause(tmp_path):
    said = {**MANIFEST, "minimum_chrome_version": "18.0"}
    calls = [
        "chrome.runtime.getURL('a')",
        "chrome.runtime.getManifest()",
        "chrome.runtime.sendMessage({})",
        "chrome.runtime.onMessage.addListener(() => {})",
        "chrome.tabs.sendMessage(1, {})",
        "chrome.storage.local.get('a', () => {})",
        "chrome.tabs.onReplaced.addListener(() => {})",
    ]
    few = "".join(f"{call};\n" for call in calls[:4])
    files = {"manifest.json": said, "js/shared.js": few, "js/background.js": "\n"}
    assert [path for _rule, path, _line in reviewed(tmp_path, files, "API201")] == ["js/shared.js"] * 4
    files["js/background.js"] = "".join(f"{call};\n" for call in calls[2:])
    assert [path for _rule, path, _line in reviewed(tmp_path, files, "API201")] == ["manifest.json"]
