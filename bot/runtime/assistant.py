"""`python -m bot.runtime.assistant`: the assistant's process, Rasa's app as this house serves it.

The same steps as `rasa.core.run.serve_application`, with our agent, our limits and our log lines, on loopback only, and
under uvicorn (`serving.server`).
"""

import asyncio
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.runtime import lazy, logs, memory, settings, stand_ins
from bot.runtime.endpoints import set_endpoint_variables

if TYPE_CHECKING:
    from rasa.core.brokers.broker import EventBroker
    from rasa.core.tracker_store import TrackerStore
    from rasa.core.utils import AvailableEndpoints
    from sanic import Sanic

    from bot.runtime.guarded_agent import GuardedAgent
    from serving.bounds import Bounds


def main() -> None:
    """Serve until a signal comes."""
    settings.enter_project()
    try:
        set_endpoint_variables()
    except settings.SettingError as error:
        sys.exit(str(error))
    stand_ins.install()
    lazy.defer()
    logs.configure(settings.log_level())
    logs.quiet_deprecations()
    refuse_unusable_conversations()
    from serving import server
    from serving.bounds import BoundError

    try:
        app, allowed = build_app(), bounds()
    except (settings.SettingError, BoundError) as error:
        sys.exit(str(error))
    logs.settle(settings.log_level())
    server.run(app, settings.HOST, settings.Ports.from_environment().assistant, allowed)


def bounds() -> "Bounds":
    """What the assistant takes of its callers.

    Raises:
        serving.bounds.BoundError: a setting cannot be used.
    """
    from bot.runtime.http_guard import ANSWER_SECONDS, MAX_BODY_BYTES
    from serving.bounds import Bounds

    return Bounds.from_environment(body_bytes=MAX_BODY_BYTES, answer_seconds=ANSWER_SECONDS)


def refuse_unusable_conversations() -> None:
    """End with one clear line where the conversation store cannot be used, before anything slow is loaded."""
    from bot.conversations.cipher import ConversationCipher
    from bot.conversations.database import ConversationDatabase
    from bot.conversations.errors import ConversationBusy, ConversationSettingError, ConversationsUnreachable
    from bot.conversations.redis_lock import refuse_silent
    from bot.conversations.settings import ConversationSettings

    try:
        chosen = ConversationSettings.from_environment()
        database = ConversationDatabase(chosen.url, ConversationCipher(chosen.key))
        database.open()
        database.close()
        refuse_silent(chosen.redis_url)
    except ConversationSettingError as error:
        sys.exit(str(error))
    except ConversationsUnreachable as error:
        sys.exit(f"对话库连不上（BIANMIN_CONVERSATIONS_URL）：{error} / the conversation database does not answer")
    except ConversationBusy as error:
        sys.exit(f"Redis 连不上（BIANMIN_REDIS_URL）：{error} / Redis does not answer")


def build_app() -> "Sanic":
    """Make Rasa's server with the channels of credentials.yml, guarded; the model is loaded when it starts."""
    from rasa.core.run import close_resources, configure_app, create_http_input_channels
    from rasa.core.utils import AvailableEndpoints

    from bot.runtime import action_answers, action_makers, event_kinds, health, http_guard
    from bot.runtime.message_limits import MessageLimits

    action_answers.install()
    action_makers.install()
    event_kinds.install()
    endpoints = AvailableEndpoints.read_endpoints(settings.ENDPOINTS_FILE)
    channels = create_http_input_channels(None, settings.CREDENTIALS_FILE)
    app: Sanic = configure_app(channels, cors=None, enable_api=True, endpoints=endpoints)
    http_guard.install(app)
    health.install(app)
    app.ctx.limits = MessageLimits.from_environment()
    app.register_listener(partial(load_agent_on_start, endpoints), "before_server_start")
    app.register_listener(close_resources, "after_server_stop")
    app.register_listener(clean_conversations, "after_server_start")
    app.register_listener(close_stores, "after_server_stop")
    app.register_listener(close_action_endpoint, "after_server_stop")
    return app


async def load_agent_on_start(endpoints: "AvailableEndpoints", app: "Sanic", loop: Any) -> None:
    """Load the model, so that `/status` answers 200 when the first message can be answered."""
    app.ctx.agent = await load_agent(endpoints, settings.model_path(), loop)
    app.ctx.agent.limits = app.ctx.limits
    memory.settle()
    logs.settle(settings.log_level())


async def load_agent(endpoints: "AvailableEndpoints", model: Path, loop: Any) -> "GuardedAgent":
    """Make the agent with the stores of endpoints.yml and load one model.

    Raises:
        rasa.exceptions.ModelNotFound: there is no model at that path.
    """
    from rasa.core.brokers.broker import EventBroker
    from rasa.core.lock_store import LockStore

    from bot.runtime.action_endpoint import ActionEndpoint
    from bot.runtime.guarded_agent import GuardedAgent

    broker = await EventBroker.create(endpoints.event_broker, loop=loop)
    agent = GuardedAgent(
        generator=endpoints.nlg,
        tracker_store=tracker_store(endpoints, broker),
        lock_store=LockStore.create(endpoints.lock_store),
        action_endpoint=ActionEndpoint.like(endpoints.action) if endpoints.action else None,
    )
    agent.load_model(model)
    return agent


def tracker_store(endpoints: "AvailableEndpoints", broker: "EventBroker | None") -> "TrackerStore":
    """Make the tracker store that endpoints.yml names.

    Raises:
        RuntimeError: it cannot be imported. Rasa would warn, keep conversations in memory, and forget them at its end.
    """
    from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore

    wanted = getattr(endpoints.tracker_store, "type", None)
    store = TrackerStore.create(endpoints.tracker_store, event_broker=broker)
    if isinstance(store, InMemoryTrackerStore) and wanted is not None:
        raise RuntimeError(f"endpoints.yml: tracker_store {wanted} 无法载入 / cannot be imported")
    return store


async def clean_conversations(app: "Sanic", loop: Any) -> None:
    """Begin deleting conversations that are older than they are kept; goes on until the server stops."""
    keep_clean = getattr(getattr(app.ctx.agent, "tracker_store", None), "keep_clean", None)
    app.ctx.cleaning = asyncio.ensure_future(keep_clean()) if keep_clean is not None else None


async def close_stores(app: "Sanic", loop: Any) -> None:
    """Stop cleaning, and close what the stores of conversations and locks and the counter hold open."""
    if getattr(app.ctx, "cleaning", None) is not None:
        app.ctx.cleaning.cancel()
        with suppress(asyncio.CancelledError):
            await app.ctx.cleaning
    agent = getattr(app.ctx, "agent", None)
    stores = (getattr(agent, "lock_store", None), getattr(agent, "tracker_store", None), app.ctx.limits.counter)
    for store in stores:
        closing = getattr(store, "close", None)
        if closing is not None:
            await closing()


async def close_action_endpoint(app: "Sanic", loop: Any) -> None:
    """Close the connection to the action server when the assistant stops."""
    agent = getattr(app.ctx, "agent", None)
    close = getattr(agent and agent.action_endpoint, "close", None)
    if close is not None:
        await close()


if __name__ == "__main__":
    main()
