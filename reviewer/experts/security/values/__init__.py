"""Where a value comes from, and what is known of it before it is used."""
