"""The terminal application: a face that draws itself from the command registry."""
