"""The quality benchmark: llm-extract, LangExtract and plain instructor on the same articles, model and server.

Modules whose names begin with `with_` run in processes of their own, one of them in another environment: they, `task` and `worker` must
not need more than the program that they measure.
"""
