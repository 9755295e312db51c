"""Checks of web pages, webviews and content scripts."""
