"""The fundamentals expert: manifests, identities, entry points, discovery, contracts, tests of plugins."""
