"""`python -m bot new service library --title 图书馆`: seven files that bear its name, and a first conversation."""

import click

from bot.commands.check import run_checks
from bot.runtime import settings
from bot.scaffold import service
from bot.scaffold.offering import offer, today
from bot.scaffold.templates import ScaffoldError
from manifests import ManifestError

NEXT = """
还要动手的：
  data/nlu/{name}.yml               例句是按名称拼的，换成居民真会说的
  data/domain/{name}.yml            回答的话
  city_api/{name}.py                城市接口真的回答什么；actions/services/{name}.py 跟着改
  sandbox/services/{name}.py        沙盒城市这一边
接着读：manifests/service.py（清单里每一项是什么意思）、sandbox/services/__init__.py、actions/conversation/task.py
试一试：python -m bot run；办一遍的对话：pytest tests/conversations/test_{name}.py"""


@click.command(help="Make a service: manifest, examples, words, handler, answers, sandbox, conversation.")
@click.argument("name")
@click.option("--title", required=True, help="As residents read it: 图书馆.")
@click.option("--kind", type=click.Choice(["look-up", "pay"]), default="look-up", show_default=True)
@click.option("--asks", type=click.Choice(["person", "plate", "number"]), default="person", show_default=True)
@click.option(
    "--city", "cities", multiple=True, metavar="CODE", help="A city or province that offers it from today on."
)
def command(name: str, title: str, kind: service.Kind, asks: service.Asks, cities: tuple[str, ...]) -> None:
    """Write the files, offer the service, check it, and say what is left to do."""
    try:
        for path in service.make(settings.ROOT, name, title, kind, asks):
            click.echo(f"写好 {path}")
        for code in cities:
            file = settings.ROOT / "data" / "cities" / f"{code}.yml"
            offer(file, name, today(), f"{{full_name}}{title}收费中心" if kind == "pay" else None)
            click.echo(f"开通 data/cities/{code}.yml")
    except (ScaffoldError, ManifestError) as error:
        raise click.ClickException(str(error)) from error
    run_checks(settings.ROOT, service=name)
    click.echo(NEXT.format(name=name))
