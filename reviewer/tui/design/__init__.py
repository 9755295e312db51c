"""The interview of a design as a form, with what follows from the answers beside it."""
