"""Real Postgres, the embedded version and 15: each test that asks for `postgres_server` runs on both."""

from tests.real_parts import embedded_postgres, empty_database_url, parts_cache, postgres_programs, postgres_server

__all__ = ["embedded_postgres", "empty_database_url", "parts_cache", "postgres_programs", "postgres_server"]
