"""Facts about integrations of Home Assistant that several experts share."""
