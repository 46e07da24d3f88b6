"""Documents that are made from the project and a warehouse: the cookbook, the data dictionary."""
