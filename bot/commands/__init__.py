"""The commands of `python -m bot`, one a file: a module `<name>.py` here defines `command`."""

import importlib
import pkgutil

import click


class FolderGroup(click.Group):
    """A group whose commands are the modules of a package; a module is imported only when its command is used.

    Importing Rasa takes seconds, and `python -m bot run` or `--help` need not wait for it.

    Args:
        package: dotted name of the package; `some_name.py` in it is the command `some-name`.
    """

    def __init__(self, package: str, name: str | None = None, help_text: str | None = None):
        super().__init__(name=name, help=help_text)
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands that the package's files make."""
        folders = importlib.import_module(self._package).__path__
        return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(folders))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command's module, or answer None where there is no such file."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{self._package}.{cmd_name.replace('-', '_')}")
        found: click.Command = module.command
        return found
