"""The speed benchmark: the library beside plain instructor and a bare client, against a scripted server on loopback.

Every figure is a ratio, or has its bound in seconds or megabytes; what is compared takes turns in one run, each in a process of its own.
Modules whose names begin with `with_` are those processes; `server` is the model's stand-in.
"""
