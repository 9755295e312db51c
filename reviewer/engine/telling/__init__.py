"""What a review tells of a subject besides findings: who it is, what it needs, what it shows."""
