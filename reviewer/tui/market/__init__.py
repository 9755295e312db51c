"""A market on the screen: from a number down to the finding, read from the store as it is wanted."""
