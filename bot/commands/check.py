"""`python -m bot check`: finds mistakes in the data and in what belongs to a service, before a resident does."""

import gc
import logging
import sys
import time
import warnings
from pathlib import Path

import click

from bot.runtime import gate, lazy, logs, settings
from manifests import places
from manifests.places import folder_of_cities


@click.command(help="Check manifests, words, rules, examples and cities, and that each service has all its parts.")
@click.option("--service", metavar="NAME", help="Only what concerns this service.")
@click.option("--city", metavar="CODE", help="Only what concerns this city, by its GB/T 2260 code.")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=settings.ROOT,
    help="Another tree, laid out like this one: a candidate for it.",
)
def command(service: str | None, city: str | None, folder: Path) -> None:
    """Run all checks, say what they found, and end with 1 where they found something."""
    gc.disable()  # a process of seconds: walking all that Rasa imports costs one of them
    code = run_checks(folder.resolve(), service, city)
    gc.freeze()  # nor at its end
    sys.exit(code)


def run_checks(root: Path, service: str | None = None, city: str | None = None) -> int:
    """Check a project and print what is wrong, a finding a line.

    Args:
        root: the project's folder.
        service: report only what concerns this service.
        city: report only what concerns this city.

    Returns:
        0 where nothing is wrong, else 1.
    """
    started = time.perf_counter()
    # What Rasa says while it reads is not for whoever edits the data.
    logs.configure(logging.ERROR, sys.stderr)
    warnings.simplefilter("ignore")
    lazy.defer()
    from bot import checks

    if service is not None and not (root / f"data/services/{service}.yml").is_file():
        raise click.ClickException(f"没有服务 {service}：data/services/{service}.yml 不存在")
    if city is not None and not city.isdigit():
        row = places().registered(city)
        city = row.code if row is not None else city
    if city is not None and not (folder_of_cities(root) / f"{city}.yml").is_file():
        raise click.ClickException(
            f"没有城市 {city}：data/cities 里没有 {city}.yml。要写六位代码，新城市用 bot new city 代码"
        )
    findings = checks.about(gate.findings(root), service, city)
    for finding in findings:
        click.echo(str(finding))
    count = len(list(checks.checks()))
    click.echo(f"{count} 项检查，{len(findings)} 处问题，用时 {time.perf_counter() - started:.1f} 秒。")
    return int(bool(findings))
