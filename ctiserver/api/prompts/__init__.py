"""Recorded prompts over HTTP."""
