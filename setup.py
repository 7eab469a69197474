"""Packaging shim: everything is declared in pyproject.toml; this file only serves tools that look for it."""

from setuptools import setup

setup()
