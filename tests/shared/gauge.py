"""A small plugin with one flaw, which tests of several rooms review."""

from __future__ import annotations

MANIFEST = {
    "manifestVersion": 1,
    "id": "org.saltmarsh.gauge",
    "name": "Gauge",
    "description": "Shows the height of the water in the harbour.",
    "version": "1.0.0",
    "publisher": "saltmarsh",
    "license": "MIT",
    "main": "plugin.js",
    "minHostVersion": "2.0.0",
    "maxHostVersion": "2.99.99",
    "requiredFeatures": ["events"],
    "activationEvents": ["onEvent:tide.turned"],
}
LEAK = """
export default class Gauge {
  async activate(context) {
    context.eventBus.on('tide.turned', (height) => context.logger.info(`height ${height}`));
  }
  async deactivate() {}
}
"""
"""The subscription in the fourth line is dropped: LIF001."""
