"""The credit policy and its decisions: who follows what, which step is next, and why.

Tables: strategy, version, step, paymentrule, enrolment, progress, takenstep, conditionresult.
Words: a *strategy* has *versions*, immutable once published, of ordered *steps*; an account
is *enrolled* in one; the *level* of an item is the last step taken for it.
Rules are numbered as in design section 6; each set-based step names the rules it carries out.
"""
