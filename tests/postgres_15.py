"""Postgres 15 for tests: the host's own if it has one, otherwise Debian bookworm's package, unpacked."""

from __future__ import annotations

from pathlib import Path

from ctiserver.asterisk.debian_packages import unpack
from ctiserver.asterisk.local import debian_triplet
from ctiserver.parts_folders import cache_folder
from ctiserver.store.embedded import PostgresPrograms

HOST = Path("/usr/lib/postgresql/15/bin")


def postgres_15_programs(cache: Path) -> PostgresPrograms:
    if (HOST / "postgres").exists() and (HOST / "initdb").exists():
        return PostgresPrograms(HOST)
    # The host's C library is newer than bookworm's and serves its programs; two of them would clash.
    libraries = ("libc6", "libc-bin", "libgcc-s1")
    packages = unpack("bookworm", ("postgresql-15",), cache / "postgres-15", print, without=libraries)
    return PostgresPrograms(
        packages.root / "usr/lib/postgresql/15/bin",
        library_path=f"{packages.root}/usr/lib/{debian_triplet()}:{packages.root}/lib/{debian_triplet()}",
    )


if __name__ == "__main__":
    print(f"Postgres {postgres_15_programs(cache_folder()).version()} for tests")  # noqa: T201 - run by scripts/run_tests
