"""What no review of one subject can show: pure functions over the rows of a whole run."""
