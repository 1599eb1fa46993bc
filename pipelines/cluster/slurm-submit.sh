#!/usr/bin/env bash
# Plans, counts and merges a pipeline on Slurm: three jobs, each of which waits
# for the one before it. Run it on the machine on which you say sbatch; you may
# log out afterwards. After a failure run it again: what is finished is kept.
set -euo pipefail

# Change these lines, or set the variables in the environment.
PIPELINE=${PIPELINE:-pipelines/demo.toml}
PLAN=${PLAN:-out/demo.plan}     # all nodes must see it, and the data, under the same path
RESULT=${RESULT:-out/demo}
LOGS=${LOGS:-$PLAN.logs}
NUTAG=${NUTAG:-nutag}           # the program; its full path is safest
SHARES=${SHARES:-16}            # how many jobs share the tasks; most sites allow up to 1000
SITE=${SITE:-}                  # what your site wants of every job: "--account=abc --partition=short --mail-type=FAIL"
PLAN_NEEDS=${PLAN_NEEDS:---time=00:30:00 --mem=4G --cpus-per-task=2}
MERGE_NEEDS=${MERGE_NEEDS:---time=01:00:00 --mem=8G --cpus-per-task=2}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PLAN=$(realpath --canonicalize-missing "$PLAN")
RESULT=$(realpath --canonicalize-missing "$RESULT")
mkdir -p "$LOGS"

# A command that a job runs on the cores it has been given, and no more.
# shellcheck disable=SC2016
job() { printf -- '--wrap=exec %s--threads "${SLURM_CPUS_PER_TASK:-1}"' "$(printf '%q ' "$@")"; }

# Submits a job with the options of the site and prints its number. Options
# come as words in one string, because that is how one writes them above.
submit() {
  local answer
  # shellcheck disable=SC2086
  answer=$(sbatch --parsable $SITE "$@")
  echo "${answer%%;*}"
}

wait_for=()
if [ -e "$PLAN/plan.json" ]; then
  echo "The plan $PLAN is there; the run goes on with it. For another plan, remove the folder first."
else
  # shellcheck disable=SC2086
  plan=$(submit $PLAN_NEEDS --job-name=nutag-plan --output="$LOGS/plan.log" --open-mode=append \
    "$(job "$NUTAG" plan "$PIPELINE" --out "$PLAN")")
  wait_for=(--dependency="afterok:$plan" --kill-on-invalid-dep=yes)
  echo "plan   job $plan"
fi

shares=$(submit "${wait_for[@]}" --array="1-$SHARES" --output="$LOGS/share-%a.log" \
  "$here/slurm-array.sbatch" "$NUTAG" "$PLAN" "$SHARES")
echo "shares job $shares, $SHARES of them"

# shellcheck disable=SC2086
merge=$(submit $MERGE_NEEDS --dependency="afterok:$shares" --kill-on-invalid-dep=yes \
  --job-name=nutag-merge --output="$LOGS/merge.log" --open-mode=append \
  "$(job "$NUTAG" merge "$PLAN" --out "$RESULT")")
echo "merge  job $merge"

cat <<END
See them:          squeue --me
Not yet done:      $NUTAG task $PLAN --list
What they said:    $LOGS
The result will be $RESULT. If it is not there when no job is left, a share has failed and the
merge was cancelled: read the logs, mend what they name, and run this script again.
END
