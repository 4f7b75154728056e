"""`python -m quotetrack`, and the `quotetrack` command."""

from quotetrack.cli import main

if __name__ == "__main__":
    main()
