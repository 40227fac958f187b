"""Code sets and policies as dated data: one file a table with its source, and one module that reads it."""
