"""Runs Rasa where TensorFlow is not installed, by standing in for the eight Rasa modules that import it.

Rasa 3.6 imports its neural components whenever it starts, whether config.yml names them or not
(`rasa.engine.recipes.default_components`, `default_recipe_validator` and `rasa.utils.train_utils` name them).
Our understanding is light and needs none of them. TensorFlow would cost 1.6 GiB on disk, 350 MB of memory and
seven seconds at each start, so the lock leaves it out and `install` puts an empty class in the place of each name
that the rest of Rasa asks for. Who installs TensorFlow gets the real modules: `install` then does nothing.
"""

import importlib.util
import sys
from types import ModuleType
from typing import Any, NoReturn

STAND_INS: dict[str, tuple[str, ...]] = {
    # Imported by rasa.utils.train_utils, which every classifier and policy uses.
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator", "RasaDataGenerator"),
    # Imported by rasa.engine.recipes.default_components, the list of all components Rasa ships.
    "rasa.nlu.classifiers.diet_classifier": ("DIETClassifier",),
    "rasa.nlu.selectors.response_selector": ("ResponseSelector",),
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": ("ConveRTFeaturizer",),
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": ("LanguageModelFeaturizer",),
    "rasa.core.policies.ted_policy": ("TEDPolicy",),
    "rasa.core.policies.unexpected_intent_policy": ("UnexpecTEDIntentPolicy",),
}
"""Rasa module → the names other Rasa modules import from it. A test holds this against Rasa's own source."""


class TensorFlowMissingError(ImportError):
    """Something asked for a component that works only with TensorFlow."""


def tensorflow_is_installed() -> bool:
    """Tell whether a TensorFlow can be imported, without importing it."""
    return importlib.util.find_spec("tensorflow") is not None


def install() -> bool:
    """Put the stand-ins into `sys.modules`; call it before anything imports Rasa.

    Returns True where they are in place, False where TensorFlow is installed and the real modules are used.
    Safe to call again. A module that was imported for real already is left alone.
    """
    if tensorflow_is_installed():
        return False
    for module_name, names in STAND_INS.items():
        if module_name not in sys.modules:
            sys.modules[module_name] = _stand_in_module(module_name, names)
    return True


def _stand_in_module(module_name: str, names: tuple[str, ...]) -> ModuleType:
    module = ModuleType(module_name, "Stands in for a Rasa module that needs TensorFlow.")
    for name in names:
        setattr(module, name, _stand_in_class(module_name, name))
    return module


def _stand_in_class(module_name: str, name: str) -> type:
    def refuse(self: object, *args: Any, **kwargs: Any) -> NoReturn:
        raise TensorFlowMissingError(f"{name} needs TensorFlow, which is not installed: pip install tensorflow==2.12.*")

    return type(name, (), {"__module__": module_name, "__init__": refuse})
