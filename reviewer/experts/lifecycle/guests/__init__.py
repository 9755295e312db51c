"""What a host notes down of a guest and hands to it, and what that guest may fill."""
