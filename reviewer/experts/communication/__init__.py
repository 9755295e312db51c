"""The communication expert: events, commands, middleware, and messages between host and plugins."""
