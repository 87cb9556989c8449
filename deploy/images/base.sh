#!/usr/bin/env bash
# The base of Facet's images, from Debian's packages: no shell, no package manager, a user 10001.
#   deploy/images/base.sh OUT.tar
# Needs root, mmdebstrap and Debian's archive ($FACET_DEBIAN_MIRROR: another one, such as a snapshot, for the very
# same packages later). What it holds is listed in var/lib/dpkg/status.d, where scanners look for it.
set -euo pipefail

suite=bookworm
# libc and libstdc++ are what the JVM, ONNX Runtime and OpenCV are linked with.
packages=(base-files ca-certificates gcc-12-base libc6 libgcc-s1 libstdc++6)

[[ $# == 1 && $1 != -* ]] || { sed -n 's/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
out=$1
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:?seconds since 1970, for all times in the base}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# mmdebstrap finds, checks and fetches; its tree also holds what the packages' own scripts would need.
mmdebstrap --quiet --variant=extract --include="$(IFS=,; echo "${packages[*]}")" --skip=cleanup/apt,cleanup/apt/cache \
  "$suite" "$work/fetched" ${FACET_DEBIAN_MIRROR:+"$FACET_DEBIAN_MIRROR"} >&2
root=$work/root
mkdir -p "$root/var/lib/dpkg/status.d"
for package in "${packages[@]}"; do
  deb=$(find "$work/fetched/var/cache/apt/archives" -name "${package}_*.deb")
  dpkg-deb -x "$deb" "$root"
  { dpkg-deb -f "$deb"; echo "Status: install ok installed"; } > "$root/var/lib/dpkg/status.d/$package"
done

# What scripts of the packages would have done.
ldconfig -r "$root"
rm -rf "$root/var/cache/ldconfig"
find "$root/usr/share/ca-certificates/mozilla" -name '*.crt' | LC_ALL=C sort | xargs cat > "$root/etc/ssl/certs/ca-certificates.crt"
cat > "$root/etc/passwd" <<'USERS'
root:x:0:0:root:/root:/usr/sbin/nologin
facet:x:10001:10001:facet:/tmp:/usr/sbin/nologin
USERS
printf 'root:x:0:\nfacet:x:10001:\n' > "$root/etc/group"
echo 'hosts: files dns' > "$root/etc/nsswitch.conf"

# Licences stay; what only people at a terminal, or other character sets, would use goes.
find "$root/usr/share/doc" -type f ! -name copyright -delete
rm -rf "$root"/usr/share/{man,locale,lintian,bug,info,gdb,gcc,ca-certificates} "$root"/usr/lib/x86_64-linux-gnu/{gconv,audit} \
  "$root"/usr/{bin,sbin,games,include,src} "$root"/{boot,media,mnt,srv,home,opt}
find "$root" -mindepth 1 -type d -empty ! -path "$root/tmp" ! -path "$root/proc" ! -path "$root/sys" ! -path "$root/dev" ! -path "$root/run" -delete
install -d -m 1777 "$root/tmp"

tar --create --file "$out" --sort=name --format=gnu --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --directory "$root" .
