#!/bin/bash
set -euo pipefail
export ECF_PORT=%ECF_PORT% ECF_HOST=%ECF_HOST% ECF_NAME=%ECF_NAME% ECF_PASS=%ECF_PASS% ECF_TRYNO=%ECF_TRYNO% ECF_TIMEOUT=60
export ECF_RID=${SLURM_JOB_ID:-$$}
export CONFIG='%CONFIG%' DATA='%DATA%' OUT='%OUT%' GUYU='%GUYU%'
ecflow_client --init="$ECF_RID"
aborted() {
  trap - ERR TERM EXIT
  ecflow_client --abort="ended with $1"
  exit "$1"
}
trap 'aborted $?' ERR
trap 'aborted 143' TERM
