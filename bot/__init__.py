"""What makes Rasa ours: understanding, dialogue, and the processes that run it."""
