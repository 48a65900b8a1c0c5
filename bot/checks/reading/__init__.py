"""What the checks read, each part once: YAML with its lines, examples, rules, and the handlers' source."""
