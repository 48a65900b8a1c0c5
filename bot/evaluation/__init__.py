"""Measures how well the assistant understands: on a development set, by cross-validation, and under noise."""
