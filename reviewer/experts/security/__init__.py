"""The security expert: permissions, isolation, secrets, and what untrusted text can reach."""
