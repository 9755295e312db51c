"""Where the subjects of a market come from: folders and archives, lists, and registry documents."""
