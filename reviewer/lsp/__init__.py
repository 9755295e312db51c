"""The language server: what a review says, in an editor, on text that is not saved yet."""
