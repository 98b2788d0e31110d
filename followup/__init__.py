"""Monitoring protocols, plans, checks, reminders and their delivery."""
