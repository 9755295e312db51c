"""One function for each sink that turns a stranger's text into text that does nothing there."""
