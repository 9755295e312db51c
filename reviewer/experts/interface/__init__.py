"""What a subject offers to others: its exported members, with their signatures, in two versions."""
