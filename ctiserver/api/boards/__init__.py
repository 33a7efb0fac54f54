"""Wallboards over HTTP: boards, links for screens without a user, alerts."""
