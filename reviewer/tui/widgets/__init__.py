"""What screens are built of, none of which knows what is reviewed."""
