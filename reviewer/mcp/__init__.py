"""The server for assistants: the commands as tools of the Model Context Protocol."""
