"""Loads skills, agents, rules and checklists, and says clearly what is wrong with them."""
