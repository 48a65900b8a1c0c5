"""The services: one handler module each."""
