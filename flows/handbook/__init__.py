"""Pages made from the project and a warehouse: cookbook, data dictionary, diagram (`make docs`)."""
