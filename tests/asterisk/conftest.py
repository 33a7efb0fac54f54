"""Real Asterisk, real SIP phones."""

from tests.real_parts import asterisk, asterisk_programs, embedded_postgres, parts_cache, postgres_servers

__all__ = ["asterisk", "asterisk_programs", "embedded_postgres", "parts_cache", "postgres_servers"]
