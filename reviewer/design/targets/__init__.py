"""Plugins for hosts that are there already, made from a design and the templates of the host."""
