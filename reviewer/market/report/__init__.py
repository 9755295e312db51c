"""What a store holds, told to people and programs: a page, a text, JSON."""
