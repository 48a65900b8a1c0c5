"""`python -m bot new connector dingtalk --title 钉钉`: a channel for another messaging app."""

import click

from bot.runtime import settings
from bot.scaffold import connector
from bot.scaffold.templates import ScaffoldError

NEXT = """
还要动手的：connectors/{name}.py 里的 is_signed、read_body、shown，照这个应用的文档改；tests/connectors/test_{name}.py 跟着改。
运行前设好环境变量 {variable}。
接着读：connectors/rest.py
试一试：pytest tests/connectors/test_{name}.py"""


@click.command(help="Make a connector to a messaging app: module, test, and its stanza in credentials.yml.")
@click.argument("name")
@click.option("--title", help="What the app is called: 钉钉; its name where none is given.")
def command(name: str, title: str | None) -> None:
    """Write the files, open the channel, and say what is left to do."""
    try:
        for path in connector.make(settings.ROOT, name, title or name):
            click.echo(f"写好 {path}")
    except ScaffoldError as error:
        raise click.ClickException(str(error)) from error
    click.echo(NEXT.format(name=name, variable=connector.secret_variable(name)))
