"""The report a finance officer opens: what is wrong in the documents, each beside the printed place."""
