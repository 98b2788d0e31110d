"""Patients, cases, their clinical history and the facts derived from it."""
