"""`python -m bot.runtime.training`: one training, in a process of its own that tells how far it is.

On standard output a line that starts with `@step` or `@error` is for the process that started this one (see
`bot.commands.train`); all other lines are log lines.
"""

import argparse
import gc
import json
import logging
import os
import sys
from pathlib import Path

from bot.runtime import logs, models, settings, stand_ins

STEP = "@step "
ERROR = "@error "


class ProgressHandler(logging.Handler):
    """Turns Rasa's lines about trained components (`rasa.engine.training.hooks`) into steps.

    Args:
        total: how many components will be trained or restored from the cache.
    """

    def __init__(self, total: int) -> None:
        super().__init__()
        self.total = total
        self.done = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Print a step when a component is begun or done."""
        line = record.getMessage()
        component = line.split("'")[1] if line.count("'") >= 2 else ""
        if line.startswith(("Finished", "Restored")):
            self.done += 1
        print_step(self.done, self.total, component)


def print_step(done: int, total: int, name: str) -> None:
    """Tell the parent process how far the training is."""
    print(STEP + json.dumps({"done": done, "total": total, "name": name}), flush=True)


def main() -> int:
    """Train, and answer with an exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=Path, required=True, help="path of the model to write")
    parser.add_argument("--force", action="store_true", help="train everything anew, without the cache")
    arguments = parser.parse_args()
    settings.enter_project()
    os.environ["RASA_CACHE_DIRECTORY"] = str(models.cache_folder())
    stand_ins.install()
    logs.configure(settings.log_level())
    logs.quiet_deprecations()
    from rasa.engine.exceptions import GraphSchemaValidationException
    from rasa.shared.exceptions import RasaException

    try:
        return train(arguments.output, arguments.force)
    except (RasaException, GraphSchemaValidationException) as error:
        # Mistakes in the data: the sentence is what its author needs.
        logging.getLogger(__name__).exception("training_failed")
        print(ERROR + json.dumps({"message": str(error)}), flush=True)
        return 1


def train(output: Path, force: bool) -> int:
    """Train one model from the project's files.

    Args:
        output: the file to write, ending in `.tar.gz`.
        force: do not use Rasa's cache.

    Returns:
        0, or Rasa's exit code where it trained nothing.
    """
    from rasa.model_training import train as rasa_train

    from bot.nlu import kept
    from bot.runtime import model_archive, schemas, shared_examples

    model_archive.install()
    schemas.install()
    shared_examples.install()
    if force and (cache := kept.cache_folder()):
        kept.forget(cache)
    logging.getLogger("rasa.engine.training.hooks").addHandler(ProgressHandler(count_trained_nodes()))
    # Written under another name first, so that a half-written file is never taken for the model.
    partial = output.with_name(f"part-{os.getpid()}-{output.name}")
    # What a training makes it needs to its end; to look through all of it for garbage again and again is a tenth of it.
    gc.disable()
    try:
        result = rasa_train(
            settings.DOMAIN_FILE,
            settings.CONFIG_FILE,
            [settings.DATA_FOLDER],
            output=str(output.parent),
            force_training=force,
            fixed_model_name=partial.name,
        )
        if result.model is None:
            return int(result.code) or 1
        partial.replace(output)
    finally:
        gc.enable()
        partial.unlink(missing_ok=True)
    return 0


def count_trained_nodes() -> int:
    """Count the nodes of the training graph that `rasa.engine.training.hooks.LoggingHook` will write a line about."""
    from rasa.engine.recipes.recipe import Recipe
    from rasa.shared.data import TrainingType
    from rasa.shared.utils.io import read_model_configuration

    config = read_model_configuration(settings.CONFIG_FILE)
    recipe = Recipe.recipe_for_name(config.get("recipe"))
    graph = recipe.graph_config_for_recipe(config, {}, training_type=TrainingType.BOTH)
    return sum(node.is_target and not node.is_input for node in graph.train_schema.nodes.values())


if __name__ == "__main__":
    sys.exit(main())
