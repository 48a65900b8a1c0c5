"""What decides the next step: the data it is trained on, and Rasa's own policies over it."""
