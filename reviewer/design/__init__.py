"""From a design to what people work with: interview, documents, artefacts, conformance, guide.

The model of a design, the rules and what follows from them are in `reviewer.blueprint`.
"""
