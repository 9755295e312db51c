"""Facts of source files: one parse, one normalised tree for JavaScript, TypeScript and Python."""
