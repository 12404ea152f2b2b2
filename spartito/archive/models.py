from django.db import models


class Document(models.Model):
    """An archived file. `kind`: letter, email, print_batch, import_file, rejects …"""

    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=300)
    mime = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    business_date = models.DateField()
    stored_at = models.DateTimeField(auto_now_add=True)
    stored_by_id = models.BigIntegerField(null=True)
    retain_until = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(name="archive_document_by_customer", fields=["customer_id", "-id"]),
            models.Index(name="archive_document_by_hash", fields=["sha256"]),
        ]
