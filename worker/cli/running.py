"""The verbs that do the work: run, once, backlog, pause, resume, demo."""

from __future__ import annotations

from pathlib import Path

import click

from worker.cli.places import Place, show_json


@click.command(epilog="Example: addendum --config /etc/addendum/config.toml run")
@click.pass_obj
def run(place: Place) -> None:
    """Work until told to stop. Takes mail in, decides, amends, replies, and sends the evening's digest; SIGTERM or Ctrl-C ends it."""
    from worker import logs, schedule, wiring
    from worker.stops import Stop

    logs.start()
    with Stop(ends_process=place.own_process) as stop, wiring.shift(place.configured(), stop) as shift:
        schedule.run(shift, stop)


@click.command(epilog="Example: addendum once --json")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.pass_obj
def once(place: Place, as_json: bool) -> None:
    """Make one pass, for cron or a try. Takes in, handles, delivers, files, and exits."""
    from worker import logs, schedule, wiring
    from worker.stops import Stop

    logs.start()
    with Stop(ends_process=place.own_process) as stop, wiring.shift(place.configured(), stop) as shift:
        tally = schedule.once(shift, stop)
    done = {"taken_in": tally.taken_in, "handled": tally.handled, "delivered": tally.delivered, "filed": tally.filed}
    if as_json:
        show_json({**done, "troubles": {step: str(error) for step, error in tally.troubles.items()}})
    else:
        click.echo(", ".join(f"{what.replace('_', ' ')} {count}" for what, count in done.items()))
    for error in tally.troubles.values():
        raise error


@click.command(epilog="Example: addendum backlog --days 30")
@click.option("--days", required=True, type=click.IntRange(1, 3650), help="How far back mail is taken in.")
@click.pass_obj
def backlog(place: Place, days: int) -> None:
    """Take in older mail too. The next pass handles it; think of the mode: in auto, letters go out."""
    from worker import wiring

    taken = wiring.backlog(place.configured(), days)
    click.echo(f"Took in {taken} {'mail' if taken == 1 else 'mails'}; the next pass handles {'it' if taken == 1 else 'them'}.")


@click.command(epilog="Example: addendum pause")
@click.pass_obj
def pause(place: Place) -> None:
    """Send nothing from now on but the digest. Mail is still read and decided, letters wait; the digest's absence would be an alarm."""
    from worker import wiring

    with wiring.ledger(place.configured()) as ledger:
        ledger.pause(wiring.now())
    click.echo("Paused: letters wait. Go on with: addendum resume")


@click.command(epilog="Example: addendum resume")
@click.pass_obj
def resume(place: Place) -> None:
    """Send again what `pause` has held back."""
    from worker import wiring

    with wiring.ledger(place.configured()) as ledger:
        ledger.resume()
    click.echo("Resumed: waiting letters go out with the next pass.")


@click.command(epilog="Example: addendum demo -o demo/out")
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path("demo/out"), show_default=True, help="Where results go.")
def demo(out: Path) -> int:
    """Show the whole way of sample mails. They go through the real program and mail servers inside it; needs no set-up and no network."""
    from worker.demo import journeys

    return int(journeys.run(out))


VERBS = (run, once, backlog, pause, resume, demo)
