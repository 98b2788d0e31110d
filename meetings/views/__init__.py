"""Pages of meetings, one module a place."""
