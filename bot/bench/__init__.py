"""What `python -m bot bench` measures, one kind of measure a module; the table they fill is in `bot.bench.rows`.

| module | measures |
| --- | --- |
| turns | turns a second with eight clients, and how long one turn takes with one |
| growth | a late turn of a conversation against an early one |
| memory | start to ready, and memory at the start and after many conversations and a long one |
| training | training after one edit of each kind, as a command and in a warm process |
| checking | `check`, as a command and in a warm process |
| cities | many cities beside two |
| stock | the same turns with stock Rasa, set up outside the project |
"""
