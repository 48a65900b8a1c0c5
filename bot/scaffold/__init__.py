"""First versions of a service, a city and a connector, made from the template folders beside this file.

The folder of a kind is laid out as the project is; NAME or CODE in a path stands for what is made, and a file is a Jinja
template. What is made runs as it is, and is then written over by hand.
"""
