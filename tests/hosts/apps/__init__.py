"""Small hosts, each as somebody else may have written it, with the chat in it.

What is there for the chat says so: the word is in the line, or ``# chat`` behind it. A test
counts these lines, and another takes them out again.
"""
