"""Confinement of the engine process: what it may read and write, and which calls to the system are left to it.

Only the standard library is imported here: confinement holds for the threads that are started after it, and importing
numpy starts threads.
"""
