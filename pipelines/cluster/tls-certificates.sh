#!/usr/bin/env bash
# Makes what Dask needs to know its own: an authority and one certificate that
# scheduler, workers and client of a run share. Whoever has cluster-key.pem can
# run programs as you, so the folder is readable by you alone; it must be one
# that all nodes see.
#
#   tls-certificates.sh FOLDER [DAYS]
set -euo pipefail
if [ $# -lt 1 ] || [ $# -gt 2 ]; then
  echo "usage: tls-certificates.sh FOLDER [DAYS]" >&2
  exit 2
fi
folder=$1
days=${2:-30}
if [ -e "$folder/cluster.pem" ] && openssl x509 -in "$folder/cluster.pem" -noout -checkend 86400 >/dev/null; then
  echo "$folder has certificates that are good for another day at least; they stay"
  exit 0
fi
umask 077
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$days" \
  -subj "/CN=Nutag on Dask, authority" -keyout ca-key.pem -out ca.pem 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
  -subj "/CN=Nutag on Dask" -keyout cluster-key.pem -out cluster.csr 2>/dev/null
openssl x509 -req -in cluster.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days "$days" -out cluster.pem 2>/dev/null
# Nobody can sign another certificate with an authority whose key is gone.
rm -f ca-key.pem ca.srl cluster.csr
openssl verify -CAfile ca.pem cluster.pem
