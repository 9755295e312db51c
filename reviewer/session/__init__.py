"""What a person did, kept as it happens, so that nothing confirmed is lost and work goes on where it was."""
