"""Documents with known truth: accounts, the forms that print them, and what must be read back."""
