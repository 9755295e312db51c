"""What browser extensions have in common: their API under its many names, and which file runs where."""
