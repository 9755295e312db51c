"""Facts about Python packages that several experts share: entry points, requirements, hooks of their hosts."""
