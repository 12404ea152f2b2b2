"""Write-once documents: the bytes on disk named by their SHA-256, one row a document.

Tables: document (no update of content, no delete: a trigger forbids it).
`customer_id` has no foreign key; people read a document only through a visible customer.
"""
