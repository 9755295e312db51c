"""Makes what a design is built from: manifest, schema, interfaces, a host and a plugin that work."""
