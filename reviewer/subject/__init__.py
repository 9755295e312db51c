"""Opens folders and archives safely, finds the subjects in them, and reads their manifests."""
