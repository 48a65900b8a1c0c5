"""`python -m bot run | train | chat | test | check | bench | rasa`: the commands of this house."""

import sys

try:
    from bot.commands import FolderGroup
    from bot.runtime import settings, stand_ins
except ModuleNotFoundError as missing:
    # Another Python than the project's own, or none set up yet.
    sys.exit(
        f"缺 {missing.name}：先运行 make setup，再用 .venv/bin/python -m bot … / run make setup, then .venv/bin/python -m bot …"
    )


def main() -> None:
    """Prepare Rasa's surroundings, then run the command that was asked for."""
    settings.enter_project()
    stand_ins.install()
    FolderGroup("bot.commands", name="bot", help_text="便民 Bianmin: a city-services assistant.")(
        prog_name="python -m bot"
    )


if __name__ == "__main__":
    main()
