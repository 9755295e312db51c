"""What people answered and accepted, kept in ``.reviewer/signoff.toml``: one reader, one writer, for every face."""
