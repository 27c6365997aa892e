"""``python -m ingest`` and the console command ``mingzhang``.

Worker processes import again the module that their caller was started with: this one, which loads the command line only
when it is called.
"""


def main() -> None:
    """Entry point of the console command."""
    from ingest import cli

    cli.main()


if __name__ == "__main__":
    main()
