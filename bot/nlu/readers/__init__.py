"""Reads values out of text: days, sums, numbers, plates, names, cities. Pure functions and finders; Rasa calls none of them.

`entities.EntityFinder` asks them all, in the order of trust; the components of the pipeline stand in `bot.nlu`.
"""
