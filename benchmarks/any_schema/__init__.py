"""The benchmark of any schema: llm-extract and plain instructor on the worked schemas of `examples/`, with the same model and server."""
