#!/bin/sh
# Makes or updates Temporal's two databases. Safe to repeat. Runs in temporalio/admin-tools, which has the tool and the schema.
# Expects SQL_HOST, SQL_USER and SQL_PASSWORD.
set -eu

tool() {
  temporal-sql-tool --plugin postgres12 --endpoint "$SQL_HOST" --port 5432 --user "$SQL_USER" --database "$database" "$@"
}

prepare() {
  database=$1
  versions=/etc/temporal/schema/postgresql/v12/$2/versioned
  # A database that is there is only updated: setting it up again could take it for an empty one.
  if tool update-schema --schema-dir "$versions"; then return; fi
  tool create-database
  tool setup-schema --version 0.0
  tool update-schema --schema-dir "$versions"
}

prepare temporal temporal
prepare temporal_visibility visibility
