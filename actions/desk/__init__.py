"""The desk of the staff: what waits for people, and the few things they do about it. `python -m bot` hands them on to here."""
