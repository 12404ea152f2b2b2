"""A document never changes and never goes: the database itself refuses."""

from django.db import migrations

FORWARD = """
create function archive_document_stays() returns trigger language plpgsql as $$
begin
    raise exception 'archived documents are write-once: document % may not be changed or deleted', old.id
        using errcode = 'integrity_constraint_violation';
end
$$;
create trigger archive_document_write_once
before update or delete on archive_document
for each row execute function archive_document_stays();
"""
BACKWARD = "drop trigger archive_document_write_once on archive_document; drop function archive_document_stays();"


class Migration(migrations.Migration):
    dependencies = [("archive", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
