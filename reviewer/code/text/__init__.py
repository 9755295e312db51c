"""What is told from text alone, before anything is parsed."""
