"""`python -m cockpit` and the installed command `cockpit`."""

import sys


def main() -> None:
    """Run one command and leave with its exit code."""
    from cockpit.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
