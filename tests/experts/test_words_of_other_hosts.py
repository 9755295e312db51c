"""What a rule knows in the words of one host it knows in those of others, where they say the same."""

from __future__ import annotations

import pytest
from whole import reviewed

MANIFEST = {"id": "org.saltmarsh.kelp", "name": "Kelp", "version": "1.0.0", "main": "index.js", "permissions": []}


@pytest.mark.parametrize("word", ["context", "kit", "gear", "services"])
def test_what_a_plugin_is_handed(word, tmp_path):
    source = (
        f"export class Kelp {{\n  activate({word}) {{\n    {word}.events.on('tide.turned', () => this.grow());\n  }}\n"
        "  deactivate() {}\n  grow() {}\n}\n"
    )
    assert reviewed(tmp_path, {"plugin.json": MANIFEST, "index.js": source}, "LIF001")


@pytest.mark.parametrize("verb", ["subscribe", "follow", "observe", "listen"])
def test_how_somebody_listens(verb, tmp_path):
    source = f"export function activate(context) {{\n  context.events.{verb}('*', () => undefined);\n}}\n"
    assert reviewed(tmp_path, {"plugin.json": MANIFEST, "index.js": source}, "COM008")


@pytest.mark.parametrize("noun", ["grants", "approvals", "allowances", "consents"])
def test_what_holds_somebodys_rights(noun, tmp_path):
    source = (
        f"export class Mailer {{\n  constructor({noun}, smtp) {{\n    this.{noun} = {noun};\n    this.smtp = smtp;\n  }}\n"
        f"  async send(plugin, mail) {{\n    const sent = await this.smtp.deliver(mail);\n"
        f"    if (!this.{noun}.has(plugin, 'mail.send')) throw new Error('mail.send is not granted');\n"
        "    return sent;\n  }\n}\n\nexport class PluginLoader {\n  load(plugin) {\n    return import(plugin.main);\n  }\n}\n"
    )
    assert reviewed(tmp_path, {"host/mailer.js": source}, "SEC034")
