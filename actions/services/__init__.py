"""The services: one handler module each, named as its manifest in data/services."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from actions.conversation.parts import make_parts
from actions.payments import check_settlers
from manifests import ManifestError, services


def load_handlers() -> None:
    """Import the handlers of all services, and make the steps that they need not write.

    Raises:
        ManifestError: a service has no handler module, or the module lacks what the manifest wants.
        SettlerError: a payment kind has no settler.
    """
    for service in services():
        module = f"{__name__}.{service.name}"
        if find_spec(module) is None:
            raise ManifestError(f"服务 {service.name} 没有处理模块：写 actions/services/{service.name}.py")
        import_module(module)
    make_parts()
    check_settlers(services().payment_kinds())
