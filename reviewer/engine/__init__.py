"""Route, run, judge: from subjects and settings to a result."""
