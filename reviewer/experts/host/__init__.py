"""What code uses of the API of its host: which symbol of the host's tables it names, and whether it asks first."""
