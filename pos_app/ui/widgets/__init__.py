"""Parts that screens are built of: they draw and emit, they know no use case."""
