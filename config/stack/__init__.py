"""The stack: everything a portal needs on one machine, brought up by one command.

Standard library only, because it runs under the system's Python before anything is installed. Each module owns one
part (PostgreSQL, Redis, Solr, ...); `instance` says where things lie, `cli` in which order they are done.
"""
