"""What the published statements say of the published cases, and of completed variants of them, stated by hand."""
