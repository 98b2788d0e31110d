"""Writes to meetings and decisions: one module a noun."""
