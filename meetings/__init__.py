"""Meetings, agendas, attendance, decisions and letters."""
