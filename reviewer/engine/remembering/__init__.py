"""What need not be found out again: results by content and by what they depend on."""
