import os, collections
from django.db import transaction
from spartito.strategies.tests.worlds import Lives
from spartito.strategies.models import *
from spartito.actions.models import *
def test_many(tenant):
    n=collections.Counter(); bad=[]
    for seed in range(int(os.environ.get("FROM","1000")),int(os.environ.get("TO","1060"))):
        with transaction.atomic():
            lives = Lives(seed)
            for _ in range(9):
                lives.next_day(); lives.run_engine(); lives.run_by_hand()
                a,b=lives.said_by_engine(),lives.said_by_hand()
                if a!=b:
                    bad.append(seed); print(seed,lives.day)
                    for k in a:
                        if a[k]!=b[k]:
                            if k=='levels': print(' levels',{x:(a[k].get(x),b[k].get(x)) for x in set(a[k])|set(b[k]) if a[k].get(x)!=b[k].get(x)})
                            else: print(' engine',[x for x in a[k] if x not in b[k]],'\n hand',[x for x in b[k] if x not in a[k]])
                    break
                n['planned']+=len(a['planned'])
            n['withdrawn']+=PlannedAction.objects.exclude(withdrawn_on=None).count()
            n['voided']+=TakenStep.objects.exclude(voided_on=None).count()
            n['absorbed']+=TakenStep.objects.filter(source='absorbed').count()
            n['mentioned']+=ActionItem.objects.filter(role='mentioned').count()
            n['measures']+=PlannedAction.objects.filter(kind='measure').count()
            n['waiting']+=0
            transaction.set_rollback(True)
    print(n,bad); assert not bad and 0
