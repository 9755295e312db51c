"""What plugins of Obsidian are made of: the files that their entry reaches, and what names mean to the app."""
