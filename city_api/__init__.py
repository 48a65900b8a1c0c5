"""The answers of the city's API, declared once for who asks and for who answers: a module a service."""
