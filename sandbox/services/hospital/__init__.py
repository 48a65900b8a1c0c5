"""Hospitals: departments, free slots, and appointments made, seen and cancelled."""

from sandbox.services import SandboxService
from sandbox.services.hospital.routes import router
from sandbox.services.hospital.samples import samples
from sandbox.services.hospital.seeding import seed

service = SandboxService(router, seed, samples)
