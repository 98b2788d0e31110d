"""Writes to patients and cases: one module a noun."""
