"""Hands on what a published warehouse holds: workbooks of the official tables, CSV, a Fiscal Data Package."""
