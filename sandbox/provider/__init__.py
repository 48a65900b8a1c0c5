"""The payment provider: another party than the city, served by the same process."""
