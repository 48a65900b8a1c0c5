"""Traffic: a vehicle's offences, their confirmation, and the paying of fines."""

from sandbox.services import SandboxService
from sandbox.services.traffic.routes import router
from sandbox.services.traffic.samples import samples
from sandbox.services.traffic.seeding import seed

service = SandboxService(router, seed, samples)
