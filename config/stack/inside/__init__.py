"""Scripts that run under the portal's own Python environment, started by the stack."""
