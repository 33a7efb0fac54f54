"""Announcements, opening hours, days that differ, shifts and duties: what the hotline's staff switch and plan."""
