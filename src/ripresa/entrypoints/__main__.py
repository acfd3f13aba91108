"""`python -m ripresa.entrypoints`: the command line, for processes that we start ourselves."""

from ripresa.entrypoints.cli.app import main

main()
