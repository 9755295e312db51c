"""Looks at the files of a subject: decoded, parsed, asked, and what was odd about them."""
