"""The slash prompt: what may be typed, completed and understood."""
