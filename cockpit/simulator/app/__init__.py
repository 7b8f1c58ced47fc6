"""The application in every simulated instance: a stand-in for `emergence-app`, run as a process of its own.

It is light on purpose (the standard library and prometheus-client), because it starts on a user's first request.
"""
