"""The action server: what the assistant does in the city, for the resident."""
