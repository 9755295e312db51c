"""Whether calls take turns, end in time, and fail alone."""
