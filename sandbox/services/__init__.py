"""The city's services, one router a service."""
