"""A pretend city: its public services over real HTTP, with a database that behaves as a city's would."""
