"""What an extension of an editor contributes in its manifest, and what its code registers with the editor."""
