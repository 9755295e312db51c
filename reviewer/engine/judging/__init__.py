"""From what was found to what is told: one cause once, doubted, accepted, counted, gated."""
