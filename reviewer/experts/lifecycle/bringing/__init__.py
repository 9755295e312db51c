"""How a host brings plugins in, in which order, and how it puts them out again."""
