"""The documents of a design: Markdown from templates, and one HTML file that needs nothing else."""
