"""What lets a gate stand in a repository that is not clean yet: known findings, unchanged lines, signed answers."""
