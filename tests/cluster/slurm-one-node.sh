#!/usr/bin/env bash
# A Slurm of one node with two processors, for tests: real daemons, nothing
# outside one folder, no root needed.
#
#   slurm-one-node.sh can             is everything installed? says what is not
#   slurm-one-node.sh start FOLDER    starts it; prints the line that points the
#                                     Slurm commands of a shell at it
#   slurm-one-node.sh fail FOLDER     the node loses its power: slurmd and all that
#                                     runs on the node is gone, the controller stays
#   slurm-one-node.sh mend FOLDER     the node comes back
#   slurm-one-node.sh stop FOLDER     stops the daemons and every job
#
# The folder must be one into which only its owner may write (munge insists),
# and its path short, because it holds a socket.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

usage() {
  sed -n '2,/^set/p' "$0" | sed -n 's/^# \{0,1\}//p' >&2
  exit 2
}

can() {
  local missing=()
  for program in munged slurmctld slurmd sbatch srun; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "not installed: ${missing[*]} (Debian: apt-get install munge slurmctld slurmd slurm-client)" >&2
    return 1
  fi
}

# Two ports on which nobody listens.
free_ports() {
  local found=0 port
  while [ $found -lt 2 ]; do
    port=$((20000 + RANDOM % 10000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo $port
      found=$((found + 1))
    fi
  done
}

# Waits until a command succeeds, at most this many seconds.
until_it() {
  local seconds=$1 end
  shift
  end=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $end ]; then
      echo "after $seconds s still not: $*" >&2
      return 1
    fi
    sleep 0.2
  done
}

write_conf() {
  local folder=$1 user ports memory
  user=$(id -un)
  mapfile -t ports < <(free_ports)
  memory=$(awk '/^MemTotal/ { print int($2 / 1024 * 0.8) }' /proc/meminfo)
  # No cgroups and no plugin that needs rights: processes are found by their
  # parents. The node is named here, so the machine's own name need not resolve.
  cat >"$folder/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=${ports[0]}
SlurmdPort=${ports[1]}
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge.sock
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$folder/completed.txt
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
DefMemPerCPU=512
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2,requeue_setup_env_fail
PropagateResourceLimits=NONE
ReturnToService=2
JobRequeue=1
KillWait=2
MinJobAge=600
NodeName=one NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 CPUs=2 RealMemory=$memory State=UNKNOWN
PartitionName=all Nodes=one Default=YES MaxTime=UNLIMITED State=UP
CONF
}

start() {
  local folder=$1
  can
  mkdir -p "$folder/state" "$folder/spool"
  chmod 755 "$folder"
  folder=$(cd "$folder" && pwd)
  if [ ${#folder} -gt 90 ]; then
    echo "the path is too long for a socket: $folder" >&2
    exit 1
  fi
  head -c 128 /dev/urandom >"$folder/munge.key"
  chmod 600 "$folder/munge.key"
  munged --key-file "$folder/munge.key" --socket "$folder/munge.sock" --pid-file "$folder/munged.pid" \
    --log-file "$folder/munged.log" --seed-file "$folder/munged.seed" --num-threads 2
  write_conf "$folder"
  export SLURM_CONF=$folder/slurm.conf
  if ! { slurmctld && slurmd -N one && until_it 30 sh -c 'sinfo --noheader --format=%t | grep -qx idle'; }; then
    tail -n 20 "$folder"/*.log >&2
    stop "$folder"
    exit 1
  fi
  echo "export SLURM_CONF=$folder/slurm.conf"
}

# Ends the process whose number a file holds, if it still is that program.
end_of() {
  local file=$1 program=$2 pid
  [ -s "$file" ] || return 0
  pid=$(cat "$file")
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$program" ] || return 0
  kill "$pid" 2>/dev/null || return 0
  until_it 10 sh -c "! kill -0 $pid" || kill -9 "$pid"
}

# Processes of jobs, each with the slurmstepd that watches it.
on_the_node() {
  local folder=$1 process parent
  for process in /proc/[0-9]*; do
    tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -qx "SLURM_CONF=$folder/slurm.conf" || continue
    tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -q '^SLURM_JOB_ID=' || continue
    echo "${process#/proc/}"
    parent=$(awk '/^PPid:/ { print $2 }' "$process/status" 2>/dev/null) || continue
    case "$(cat "/proc/$parent/comm" 2>/dev/null)" in slurmstepd*) echo "$parent" ;; esac
  done | sort -u
}

stop() {
  local folder pids
  folder=$(cd "$1" && pwd)
  export SLURM_CONF=$folder/slurm.conf
  if timeout 10 scancel --full --user "$(id -un)" 2>/dev/null; then
    until_it 15 sh -c '[ -z "$(squeue --noheader)" ]' || true
  fi
  end_of "$folder/slurmd.pid" slurmd
  mapfile -t pids < <(on_the_node "$folder")
  [ ${#pids[@]} -eq 0 ] || kill -9 "${pids[@]}" 2>/dev/null || true
  end_of "$folder/slurmctld.pid" slurmctld
  end_of "$folder/munged.pid" munged
}

fail() {
  local folder pids
  folder=$(cd "$1" && pwd)
  export SLURM_CONF=$folder/slurm.conf
  kill -9 "$(cat "$folder/slurmd.pid")"
  mapfile -t pids < <(on_the_node "$folder")
  [ ${#pids[@]} -eq 0 ] || kill -9 "${pids[@]}" 2>/dev/null || true
  # The controller would find out by itself, in five minutes.
  scontrol update NodeName=one State=DOWN Reason="no power"
}

mend() {
  local folder
  folder=$(cd "$1" && pwd)
  export SLURM_CONF=$folder/slurm.conf
  slurmd -N one
  # It says that it is back, and ReturnToService=2 believes it.
  until_it 30 sh -c 'sinfo --noheader --format=%t | grep -qx idle'
}

case "${1-} $#" in
  "can 1") can ;;
  "start 2") start "$2" ;;
  "fail 2") fail "$2" ;;
  "mend 2") mend "$2" ;;
  "stop 2") stop "$2" ;;
  *) usage ;;
esac
