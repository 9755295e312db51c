"""Where a host calls the hooks of its plugins, in whatever words."""
