"""Translation catalogues: extraction, updating, compiling, and what Indonesian core messages still lack."""
