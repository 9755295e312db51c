"""Tests of the plugin against a host in memory."""
