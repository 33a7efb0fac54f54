"""`ctiserver recordings new-key NAME` and `open FILE`: keys that seal recordings, and sealed ones in clear."""

from __future__ import annotations

import argparse
from pathlib import Path

from ctiserver.commands import Subparsers
from ctiserver.config import load_settings
from ctiserver.errors import ConfigurationError
from ctiserver.store.sealed_files import CHUNK, SealedFile, load_keyring, make_key


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("recordings", help="make a key for sealing recordings; open a sealed one")
    actions = parser.add_subparsers(dest="recordings_action", required=True, metavar="ACTION")
    new_key = actions.add_parser("new-key", help="a new random key in sealing.folder; sealing.key chooses it")
    new_key.add_argument("name")
    opening = actions.add_parser("open", help="write a sealed recording in clear")
    opening.add_argument("file", type=Path)
    opening.add_argument("--output", "-o", type=Path, help="FILE without .sealed, in this folder, unless given")
    for action in (new_key, opening):
        action.add_argument("--config", type=Path, help="settings file")


def run(args: argparse.Namespace) -> int:
    folder = load_settings(args.config).sealing.folder
    if folder is None:
        raise ConfigurationError("sealing.folder is not set", hint="name the folder of the keys in the settings")
    if args.recordings_action == "new-key":
        print(f"{make_key(folder, args.name)} — keep a copy elsewhere: without it what it sealed is lost")
        return 0
    output = args.output or Path(args.file.stem)
    _open(args.file, output, folder)
    print(output)
    return 0


def _open(file: Path, output: Path, folder: Path) -> None:
    """Raises ConfigurationError where a file can't be used, SealError where it can't be opened."""
    try:
        sealed = SealedFile(file.open("rb"), load_keyring(folder, ""))
        with output.open("xb") as target:
            for at in range(0, sealed.size, CHUNK):
                target.write(sealed.read(at, CHUNK))
        sealed.close()
    except FileExistsError:
        raise ConfigurationError(f"{output} exists", hint="name another with --output") from None
    except OSError as error:
        raise ConfigurationError(f"{error.filename}: {error.strerror}") from None
