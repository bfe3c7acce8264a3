"""Makes and removes users of SCRAM-SHA-256 and -512. Usage: scram_users.py BROKERS put USER PASSWORD | remove USER"""
import sys

from confluent_kafka.admin import (
    AdminClient,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

brokers, what, user, *rest = sys.argv[1:]
admin = AdminClient({"bootstrap.servers": brokers})
for mechanism in (ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512):
    if what == "put":
        change = UserScramCredentialUpsertion(user, ScramCredentialInfo(mechanism, 4096), rest[0].encode())
    else:
        change = UserScramCredentialDeletion(user, mechanism)
    # One at a time: brokers take no two changes of a user in one request.
    for done in admin.alter_user_scram_credentials([change]).values():
        done.result()
