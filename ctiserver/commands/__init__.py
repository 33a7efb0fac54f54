"""What `ctiserver …` can do: each module gives `add_parser(subparsers)` and `run(args) -> exit code`."""
