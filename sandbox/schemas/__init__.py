"""The JSON that services take and give, one module a service."""
