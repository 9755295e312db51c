"""Reviews a whole marketplace in one run, and keeps what was found in one file that can be asked anything."""
