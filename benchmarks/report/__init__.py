"""How long the report takes to open, and how large it is, with as many articles as wanted.

Run it by `python -m benchmarks.report`; it needs Chromium, installed as `chromium`.
"""
