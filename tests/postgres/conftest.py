"""Real Postgres, the embedded version and 15: each test runs on both."""

from tests.real_parts import empty_database_url, parts_cache, postgres_programs, postgres_server

__all__ = ["empty_database_url", "parts_cache", "postgres_programs", "postgres_server"]
