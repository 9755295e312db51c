"""From a design to what people work with: interview, documents, artefacts, conformance, guide."""
