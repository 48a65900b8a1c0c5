"""`python -m bot new service | city | connector`: a first version that runs, to be written over by hand."""

from bot.commands import FolderGroup

command = FolderGroup(
    "bot.commands.new", name="new", help_text="Make a service, a city or a connector that runs at once."
)
