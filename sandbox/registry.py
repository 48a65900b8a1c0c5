"""The services of the sandbox, found by the manifests' names."""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass

from manifests import ManifestError, ServiceManifest, Services
from sandbox.services import SandboxService

PACKAGE = "sandbox.services"


@dataclass(frozen=True)
class Found:
    """A service: what its manifest says, and its module."""

    manifest: ServiceManifest
    service: SandboxService

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its city services."""
        return tuple(self.manifest.city_services)

    @property
    def prefix(self) -> str:
        """Where its routes are: the path of its city service, or what the paths of several begin with."""
        parts = [one.path.split("/") for one in self.manifest.city_services.values()]
        shared = os.path.commonprefix(parts)
        return "/".join(("/cities/{city}", *shared))


def find_services(services: Services) -> tuple[Found, ...]:
    """Every service with its module, in the services' order.

    Raises:
        ManifestError: a manifest has no module, or the module no `service`.
    """
    return tuple(Found(manifest, _module_service(manifest.name)) for manifest in services)


def _module_service(name: str) -> SandboxService:
    module_name = f"{PACKAGE}.{name}"
    written = f"sandbox/services/{name}.py"
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name != module_name:
            raise
        raise ManifestError(
            f"{name}.yml：沙盒里还没有这项服务，请写 {written}，写法见 sandbox/services/__init__.py"
        ) from None
    service = getattr(module, "service", None)
    if not isinstance(service, SandboxService):
        raise ManifestError(f"{written}：缺 service = SandboxService(router, seed, samples)")
    return service
