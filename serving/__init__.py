"""What the processes of the house that speak HTTP share; it knows neither Rasa nor actions."""
