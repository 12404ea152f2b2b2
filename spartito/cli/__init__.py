"""The command line: thin doors. Each module holds the commands of one subject; `main` finds them by itself."""
