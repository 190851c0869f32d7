"""The command line: verbs that are thin over the library.

Data goes to standard output, talk to standard error; `-` is standard input. Exit codes: 0 all went well, 1 the data
does not conform, 2 wrong usage, 3 an input or a part of the installation is at fault. Nothing heavy is imported
before a command needs it, so that help comes at once.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from schachzug.cli import asking, building, checking, evaluating, looking, sending
from schachzug.cli.talk import put, say
from schachzug.errors import SchachzugError

__all__ = ["app", "main"]

app = typer.Typer(
    name="schachzug",
    help="Reads German political news into a knowledge graph of who claims what about power and influence.",
    epilog="Every command explains itself: schachzug COMMAND --help",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
building.add_commands(app)
checking.add_commands(app)
asking.add_commands(app)
looking.add_commands(app)
sending.add_commands(app)
evaluating.add_commands(app)


def _version(wanted: bool) -> None:
    if wanted:
        from schachzug._version import __version__

        put(f"schachzug {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; the entry point `schachzug`."""
    try:
        app(prog_name="schachzug")
    except SchachzugError as error:
        say(f"error: {error}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        say("interrupted")
        sys.exit(130)
