#!/usr/bin/env bash
# Several machines without a queue, such as the computers of an office: a Dask
# scheduler on one, workers on all, certificates between them.
#
#   dask-machines.sh MEETING scheduler           on one machine; leave it running
#   dask-machines.sh MEETING workers [NUMBER]    on each; one a core if you give no number
#   dask-machines.sh MEETING run PLAN RESULT     anywhere, as often as you like
#
# MEETING is a folder, as yet empty, that all machines see and only you can
# read. The plan, the data and the result must lie under the same path on all.
# PYTHON is the Python of the environment in which the wheel of nutag is.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PYTHON=${PYTHON:-python3}

usage() {
  sed -n '2,/^set/p' "${BASH_SOURCE[0]}" | sed -n 's/^# \{0,1\}//p' >&2
  exit 2
}
[ $# -ge 2 ] || usage

folder=$1
file=$folder/scheduler.json
tls=(--tls-ca-file "$folder/ca.pem" --tls-cert "$folder/cluster.pem" --tls-key "$folder/cluster-key.pem")
case "$2 $#" in
  "scheduler 2")
    bash "$here/tls-certificates.sh" "$folder"
    # The file of an earlier scheduler would send the workers to nobody.
    rm -f "$file"
    exec "$PYTHON" -m distributed.cli.dask_scheduler --scheduler-file "$file" --protocol tls --port 0 "${tls[@]}"
    ;;
  "workers 2" | "workers 3")
    # They wait five minutes for a scheduler. One that dies is started again;
    # when the scheduler ends, they end too.
    exec "$PYTHON" -m distributed.cli.dask_worker --scheduler-file "$file" --protocol tls \
      --nworkers "${3:-$(nproc)}" --nthreads 1 --memory-limit 0 --death-timeout 300 "${tls[@]}"
    ;;
  "run 4")
    DASK_TLS=$folder exec "$PYTHON" "$here/dask_client.py" "$file" "$3" "$4"
    ;;
  *) usage ;;
esac
