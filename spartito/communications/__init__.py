"""What is written and how it leaves: templates, renditions, print batches, dispatch.

Tables: template, rendition, printbatch, printbatchmessage, channelpause.
One folder a channel (email, letter …), each with one contract: `send(message)`.
"""
