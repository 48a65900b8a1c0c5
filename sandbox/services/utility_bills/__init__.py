"""Water, electricity and gas: what an account owes, and the paying of a bill."""

from sandbox.services import SandboxService
from sandbox.services.utility_bills.routes import router
from sandbox.services.utility_bills.samples import samples
from sandbox.services.utility_bills.seeding import seed

service = SandboxService(router, seed, samples)
