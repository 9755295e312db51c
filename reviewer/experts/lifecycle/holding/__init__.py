"""What an owner acquires, and what becomes of it."""
