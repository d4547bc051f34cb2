#!/bin/sh
# Makes the namespace `default` and Dialwright's search attributes. Safe to repeat. Runs in temporalio/admin-tools.
# Expects TEMPORAL_ADDRESS.
set -eu

tries=60
until temporal operator cluster health >/dev/null 2>&1; do
  tries=$((tries - 1))
  if [ "$tries" -le 0 ]; then
    echo "Temporal at $TEMPORAL_ADDRESS did not answer" >&2
    exit 1
  fi
  sleep 1
done

temporal operator namespace describe --namespace default >/dev/null 2>&1 ||
  temporal operator namespace create --namespace default --retention 72h

# A new namespace is known to all parts of the server only after some seconds.
attribute() {
  tries=30
  until temporal operator search-attribute list --namespace default | grep -q "$1"; do
    temporal operator search-attribute create --namespace default --name "$1" --type Keyword || true
    tries=$((tries - 1))
    if [ "$tries" -le 0 ]; then
      echo "The search attribute $1 could not be made" >&2
      exit 1
    fi
    sleep 1
  done
}
attribute DialwrightWorkspace
attribute DialwrightStatus
