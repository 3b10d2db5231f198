"""How long merging takes, how much memory, and how good it is, on invented results of many articles."""
