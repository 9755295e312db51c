"""The design of a plugin system: its model, the rules that decide it, and what follows from both."""
