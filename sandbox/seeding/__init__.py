"""What makes a city grow from its file and a seed: its land and people, and the frame the services' own seeding has."""
