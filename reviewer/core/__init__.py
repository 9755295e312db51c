"""The words of the domain, shared by every floor above; nothing here reads a file."""
