"""The commands, one record each, from which every face is drawn."""
