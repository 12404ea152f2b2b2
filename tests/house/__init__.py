"""The rules of the house, asked of the house itself."""
