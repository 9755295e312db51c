"""One form for many spellings: how the tree is built, and what is the same is written the same."""
