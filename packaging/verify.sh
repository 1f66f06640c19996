#!/bin/sh
# Checks the files of a release that lie beside this script: ./verify.sh likeness-release.pub
# The public key comes from where you trust it, not from beside the files.
set -eu
[ $# -eq 1 ] && [ -r "$1" ] || { echo "usage: ./verify.sh PUBLIC-KEY-FILE" >&2; exit 2; }
here=$(cd -- "$(dirname -- "$0")" && pwd)
signers=$(mktemp)
trap 'rm -f "$signers"' EXIT
printf 'likeness-release namespaces="likeness-release" %s\n' "$(cut -d' ' -f1,2 "$1")" >"$signers"
cd "$here"
ssh-keygen -Y verify -f "$signers" -I likeness-release -n likeness-release -s SHA256SUMS.sig <SHA256SUMS
sha256sum --check --ignore-missing --quiet SHA256SUMS
echo "Signature and files are right."
