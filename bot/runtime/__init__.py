"""What runs Rasa here: without TensorFlow, with guarded messages and quiet logs, under one supervisor."""
