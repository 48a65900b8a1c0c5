"""What a service and a city say of themselves (data/services, data/cities), read and checked in one place.

Every other room may read manifests; this one imports none of them.
"""

from manifests.city import CityManifest, PlaceManifest
from manifests.errors import ManifestError
from manifests.places import Places, Registered, places
from manifests.service import CityServiceManifest, EntityManifest, ServiceManifest, SlotManifest, TaskManifest
from manifests.services import Services, services

__all__ = [
    "CityManifest",
    "CityServiceManifest",
    "EntityManifest",
    "ManifestError",
    "PlaceManifest",
    "Places",
    "Registered",
    "ServiceManifest",
    "Services",
    "SlotManifest",
    "TaskManifest",
    "places",
    "services",
]
