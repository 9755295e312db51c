"""The security audit as one report: risk, findings, threat model, permissions, seven sections, hardening guide."""
