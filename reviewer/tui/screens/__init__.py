"""The screens besides the review."""
