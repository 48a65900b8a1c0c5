"""Understands one message: words, entities with normalised values, and the intent."""
