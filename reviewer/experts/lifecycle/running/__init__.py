"""Checks of work that runs beside: tasks, deadlines, cancellation, the end of the process."""
