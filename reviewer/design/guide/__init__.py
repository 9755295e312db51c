"""Writes the integration guide: step by step, with the code of the starter as it is generated."""
