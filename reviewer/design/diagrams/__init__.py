"""Diagrams of a design: one model, written as Mermaid, as text for terminals, and as SVG without any library."""
