"""`python -m bot run | train | chat | test | check | bench | rasa`: the commands of this house."""

from bot.commands import FolderGroup
from bot.runtime import settings, without_tensorflow


def main() -> None:
    """Prepare Rasa's surroundings, then run the command that was asked for."""
    settings.enter_project()
    without_tensorflow.install()
    FolderGroup("bot.commands", name="bot", help_text="便民 Bianmin: a city-services assistant.")(
        prog_name="python -m bot"
    )


if __name__ == "__main__":
    main()
