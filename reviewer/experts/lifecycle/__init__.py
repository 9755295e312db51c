"""The checks of the lifecycle expert: how plugins are woken, put to rest, and what is left behind."""
