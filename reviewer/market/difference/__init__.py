"""What one run over a market says and another does not: how a new set of rules shows its effect before it ships."""
