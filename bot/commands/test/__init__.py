"""`python -m bot test …`: what a trained model gets right; one test a file here, as in `bot.commands`."""

from bot.commands import FolderGroup

command = FolderGroup("bot.commands.test", name="test", help_text="Test the trained model: its conversations, …")
