"""Meetings and attributed quotes from news articles, every fact on the characters that it rests on."""

__version__ = "0.1.0"
