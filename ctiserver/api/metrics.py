"""Figures about the API itself; the feed's are in `live/feed.py`."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

REQUESTS = Counter(
    "cti_http_requests_total", "HTTP requests, by method, route and status.", ["method", "route", "status"]
)
LATENCY = Histogram(
    "cti_http_request_seconds",
    "Time to answer an HTTP request, by route.",
    ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
