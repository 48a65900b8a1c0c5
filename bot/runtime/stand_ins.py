"""Runs Rasa without the packages that nothing here calls, by standing in for what Rasa imports of them when it starts.

Rasa 3.6 imports its neural components, its messaging apps and its stores whenever it starts, whether our files
name them or not. overrides.txt leaves the packages they need out of the locks, and says why of each: 1.8 GB less on disk,
400 MB less in memory, starts in a third of the time. In the place of each name that Rasa takes from them at the import
stands a class that does nothing but refuse, in a sentence that says what to install. Who installs a package gets the real one.
"""

import importlib
import importlib.util
import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, NoReturn

Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class LeftOut:
    """A package that is not in the locks.

    Args:
        requirement: what to install, should it be wanted after all.
        found_by: the module that is there where the package is.
        names: module → the names Rasa takes from it when it is imported itself. A test holds this against Rasa's source.
        quiet: what is called all the same when Rasa starts or tests, and does nothing instead of refusing.
    """

    requirement: str
    found_by: str
    names: Names
    quiet: bool = False


LEFT_OUT = (
    # Rasa's own modules that need TensorFlow: they build on its classes. The first two serve rasa.utils.train_utils, as does
    # the third, which is the form neural components take their examples in and imports 30 MB of scikit-learn for it. The
    # others stand in rasa.engine.recipes.default_components, the list of all components Rasa ships.
    LeftOut(
        "tensorflow==2.12.*",
        "tensorflow",
        {
            "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
            "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator", "RasaDataGenerator"),
            "rasa.utils.tensorflow.model_data": ("Data", "FeatureArray", "RasaModelData", "ragged_array_to_ndarray"),
            "rasa.nlu.classifiers.diet_classifier": ("DIETClassifier",),
            "rasa.nlu.selectors.response_selector": ("ResponseSelector",),
            "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": ("ConveRTFeaturizer",),
            "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": ("LanguageModelFeaturizer",),
            "rasa.core.policies.ted_policy": ("TEDPolicy",),
            "rasa.core.policies.unexpected_intent_policy": ("UnexpecTEDIntentPolicy",),
        },
    ),
    # Messaging apps: rasa.core.channels imports all of them.
    LeftOut(
        "aiogram<2.26",
        "aiogram",
        {
            "aiogram": ("Bot",),
            "aiogram.types": (
                "InlineKeyboardButton",
                "InlineKeyboardMarkup",
                "KeyboardButton",
                "Message",
                "ReplyKeyboardMarkup",
                "Update",
            ),
            "aiogram.utils.exceptions": ("TelegramAPIError",),
        },
    ),
    LeftOut("CacheControl<0.13", "cachecontrol", {"cachecontrol": ()}),
    LeftOut(
        "fbmessenger<6.1",
        "fbmessenger",
        {
            "fbmessenger": ("MessengerClient",),
            "fbmessenger.attachments": ("Image",),
            "fbmessenger.elements": ("Text",),
            "fbmessenger.quick_replies": ("QuickReplies", "QuickReply"),
            "fbmessenger.sender_actions": ("SenderAction",),
        },
    ),
    LeftOut("google-auth<3", "google.auth", {"google.auth.transport.requests": (), "google.oauth2": ("id_token",)}),
    LeftOut("python-socketio<6", "socketio", {"socketio": ("AsyncServer",)}),
    LeftOut("slack-sdk<4", "slack_sdk", {"slack_sdk.web.async_client": ("AsyncWebClient",)}),
    LeftOut(
        "twilio<8.3",
        "twilio",
        {
            "twilio.base.exceptions": ("TwilioRestException",),
            "twilio.rest": ("Client",),
            "twilio.twiml.voice_response": ("Gather", "VoiceResponse"),
        },
    ),
    LeftOut("webexteamssdk<1.7", "webexteamssdk", {"webexteamssdk": ("WebexTeamsAPI", "Webhook")}),
    # Stores: rasa.core.tracker_store has all of them; the errors are those it catches, whichever store it makes.
    LeftOut(
        "boto3<2",
        "boto3",
        {"boto3.dynamodb.conditions": ("Key",), "botocore.exceptions": ("BotoCoreError",)},
    ),
    LeftOut(
        "pymongo[srv,tls]<4.4",
        "pymongo",
        {"pymongo.collection": ("Collection",), "pymongo.errors": ("ConnectionFailure", "OperationFailure")},
    ),
    # What every `rasa` command puts among its log's processors, and what draws when it has tested.
    LeftOut("structlog-sentry<3", "structlog_sentry", {"structlog_sentry": ("SentryProcessor",)}, quiet=True),
    LeftOut(
        "matplotlib<3.6",
        "matplotlib",
        {"rasa.utils.plotting": ("plot_confusion_matrix", "plot_curve", "plot_paired_histogram")},
        quiet=True,
    ),
)


class LeftOutError(ImportError):
    """Something asked for what only a package that is left out can do."""


def install() -> list[LeftOut]:
    """Put the stand-ins into `sys.modules`; call it before anything imports Rasa. Safe to call again.

    Returns:
        What is stood in for. The packages that are installed are not among it; a module that was imported for real
        already is left alone.
    """
    missing = [one for one in LEFT_OUT if not is_installed(one)]
    for one in missing:
        for module_name in one.names:
            _put(module_name, one)
    return missing


def is_installed(one: LeftOut) -> bool:
    """Tell whether the real package is there, without importing it."""
    return not isinstance(sys.modules.get(one.found_by), StandIn) and _is_there(one.found_by)


def _is_there(module_name: str) -> bool:
    try:
        return importlib.util.find_spec(module_name) is not None
    except ModuleNotFoundError:  # not even its parent
        return False


class StandIn(ModuleType):
    """A module with the names Rasa takes from it, which says of any other name what is missing."""

    def __init__(self, name: str, one: LeftOut) -> None:
        super().__init__(name, f"Stands in for a module that needs {one.requirement}.")
        self.__path__: list[str] = []
        self._one = one
        for known in one.names.get(name, ()):
            setattr(self, known, _nothing(known) if one.quiet else _refusing(name, known, one))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked by Python itself, which takes no for an answer
            raise AttributeError(name)
        raise _error(f"{self.__name__}.{name}", self._one)


def _put(module_name: str, one: LeftOut) -> None:
    """Put one module in place, and those above it, where they are not there."""
    if module_name in sys.modules:
        return
    if module_name.startswith("rasa."):  # there, but not to be imported; its packages set it themselves
        sys.modules[module_name] = StandIn(module_name, one)
        return
    if _is_there(module_name):  # a namespace of several packages, such as `google`
        importlib.import_module(module_name)
        return
    module = sys.modules[module_name] = StandIn(module_name, one)
    parent, _, child = module_name.rpartition(".")
    if parent:
        _put(parent, one)
        setattr(sys.modules[parent], child, module)


def _error(name: str, one: LeftOut) -> LeftOutError:
    return LeftOutError(f"{name} needs {one.requirement}, which is not installed: pip install '{one.requirement}'")


def _refusing(module_name: str, name: str, one: LeftOut) -> type:
    def refuse(self: object, *args: Any, **kwargs: Any) -> NoReturn:
        raise _error(name, one)

    # What Rasa catches has to be an exception.
    kind = Exception if name.endswith(("Error", "Exception", "Failure")) else object
    return type(name, (kind,), {"__module__": module_name, "__init__": refuse})


def _nothing(name: str) -> Callable[..., Any]:
    if name == "SentryProcessor":
        return lambda *args, **kwargs: _pass_on

    def leave_out_the_picture(*args: Any, **kwargs: Any) -> None:
        logging.getLogger("rasa.utils.plotting").info("No picture is drawn: matplotlib is not installed")

    return leave_out_the_picture


def _pass_on(logger: object, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Log processor that leaves a line as it is."""
    return event
