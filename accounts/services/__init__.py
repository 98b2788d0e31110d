"""Writes of users, boards and memberships: policy first, then the row, then the trail."""
