"""Where messages come in: one module a messaging app."""
