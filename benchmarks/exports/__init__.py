"""The benchmark of exports: time and memory of every form, on invented results."""
