#!/bin/sh
# What a container of ours is allowed, without one: confined.sh CGROUP WRITABLE COMMAND...
# In a mount namespace of its own (unshare --mount): a root that is read-only but for the folder WRITABLE and a
# /tmp of its own, user 10001, no capabilities, none to be had. CGROUP is a cgroup.procs, or -.
set -eu
cgroup=$1 writable=$2
shift 2
[ "$cgroup" = - ] || echo $$ > "$cgroup"
mount --make-rprivate /
mount --bind "$writable" "$writable"
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -o remount,bind,ro /
exec setpriv --reuid=10001 --regid=10001 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
