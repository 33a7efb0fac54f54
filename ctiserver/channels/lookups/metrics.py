"""What Prometheus hears of questions to outside systems: counts and times, never paths or values."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

answers = Counter("cti_lookup_answers_total", "Questions to outside systems by how they ended", ["source", "outcome"])
failures = Counter("cti_lookup_failures_total", "Questions that failed, by reason", ["source", "reason"])
retries = Counter("cti_lookup_retries_total", "Retries, made or refused by the budget", ["source", "made"])
cached = Counter("cti_lookup_cached_total", "Questions answered from the cache", ["source"])
seconds = Histogram(
    "cti_lookup_seconds",
    "Time until a question was answered or given up",
    ["source"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0),
)
open_breakers = Gauge("cti_lookup_breaker_open", "1: the source is left alone for a while", ["source"])
