"""Sameness of published figures: rules as data, the questions they put to tables, and what an answer means."""
