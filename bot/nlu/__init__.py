"""Understands one message: words, entities with normalised values, and the intent.

Here stand the components that Rasa calls and what they learn with; what only reads values out of text stands in `readers`.
"""
