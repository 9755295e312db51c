"""Generates again without losing what people edited: merges three ways with the last generated text as base."""
