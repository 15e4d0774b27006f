"""The program called ``addendum``: its verbs, its options, and how errors end it."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import click

from worker.cli import asking, judging, preparing, running
from worker.cli.places import Place
from worker.errors import AddendumError

INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120}, epilog="Start with: addendum init")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="ADDENDUM_CONFIG",
    default=Path("config.toml"),
    show_default=True,
    help="The configuration; also ADDENDUM_CONFIG.",
)
@click.option("--debug", is_flag=True, help="Show where in the program an unexpected error came from.")
@click.version_option(package_name="addendum", prog_name="addendum")
@click.pass_context
def addendum(context: click.Context, config: Path, debug: bool) -> None:
    """Puts purchase-order numbers on invoices already issued, unattended, from your own mailbox.

    Exit codes: 0 done, 1 something waits or failed, 2 wrong usage or set-up.
    """
    from worker import logs

    logs.start(quiet=True)
    context.obj = Place(config=config, debug=debug, own_process=bool(context.obj))


for verb in (*preparing.VERBS, *judging.VERBS, *running.VERBS, *asking.VERBS):
    addendum.add_command(verb)


def start() -> None:
    """The program as a process of its own."""
    from worker import heaps

    heaps.keep_whole()
    main(own_process=True)


def main(*, own_process: bool = False) -> None:
    """Run the program and raise SystemExit with its exit code; an error is one sentence on stderr."""
    try:
        code = addendum(standalone_mode=False, obj=own_process)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has enough of it; Python would complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped.", err=True)
        code = INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = 2
    except AddendumError as error:
        click.echo(f"addendum: {error}", err=True)
        code = error.exit_code
    except Exception as error:
        code = _disk_full(error) or _unexpected(error)
    sys.exit(code if isinstance(code, int) else 0)


def _disk_full(error: Exception) -> int:
    if not isinstance(error, OSError) or error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return 0
    click.echo(f"addendum: Something could not be written: {error.strerror}. Make room and run it again.", err=True)
    return 1


def _unexpected(error: Exception) -> int:
    if "--debug" in sys.argv:
        raise error
    from worker import mishaps

    click.echo(f"addendum: {mishaps.sentence(error)} This is a bug; the same command with `addendum --debug …` shows more.", err=True)
    return 1
