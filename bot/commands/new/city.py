"""`python -m bot new city 330700`: the file of a city that is to be served."""

import click

from bot.commands.check import run_checks
from bot.runtime import settings
from bot.scaffold import city
from bot.scaffold.offering import today
from bot.scaffold.templates import ScaffoldError
from manifests import ManifestError

NEXT = """
还要动手的：开通日期、收款单位、户号位数、和全省不一样的说法（words）。
接着读：docs/cities.md、manifests/city.py（每一项是什么意思）
试一试：python -m bot run，说“换到…”"""


@click.command(help="Make the file of a city, by its GB/T 2260 code.")
@click.argument("code")
@click.option("--plate", help="What its plates begin with: 浙G.")
def command(code: str, plate: str | None) -> None:
    """Write the file, check it, and say what is left to do."""
    try:
        for path in city.make(settings.ROOT, code, plate, today()):
            click.echo(f"写好 {path}")
    except (ScaffoldError, ManifestError) as error:
        raise click.ClickException(str(error)) from error
    run_checks(settings.ROOT, city=code)
    click.echo(NEXT)
