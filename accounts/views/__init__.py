"""Pages of boards: their members, and their trail."""
