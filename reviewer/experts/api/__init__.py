"""The API expert: contracts between host and plugin, their types, versions, schemas and errors."""
