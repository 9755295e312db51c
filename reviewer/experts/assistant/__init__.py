"""What an assistant plugin consists of: its pages, hooks, servers and grants, as facts that checks share."""
