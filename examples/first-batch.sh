#!/usr/bin/env bash
# What docs/guide.md shows, as one script: DIALWRIGHT_URL=… DIALWRIGHT_KEY=… examples/first-batch.sh
set -euo pipefail

call() { curl --silent --show-error --fail-with-body --header "Authorization: Bearer $DIALWRIGHT_KEY" "$@"; }
field() { node --print "JSON.parse(require('fs').readFileSync(0, 'utf8')).$1"; }

number=$(call "$DIALWRIGHT_URL/v1/phone-numbers?limit=1" | field 'data[0].id')

batch=$(call "$DIALWRIGHT_URL/v1/batches" \
  --header 'Content-Type: application/json' --header "Idempotency-Key: reminders-$(date +%F)" \
  --data @- <<JSON | field id
{
  "name": "Reminders",
  "fromNumberId": "$number",
  "timeZone": "Europe/Madrid",
  "window": {
    "monday": [["00:00", "24:00"]], "tuesday": [["00:00", "24:00"]], "wednesday": [["00:00", "24:00"]],
    "thursday": [["00:00", "24:00"]], "friday": [["00:00", "24:00"]], "saturday": [["00:00", "24:00"]],
    "sunday": [["00:00", "24:00"]]
  }
}
JSON
)

printf 'phone_number,name,city\n+12025550113,Ada,London\n(202) 555-0114,Grace,New York\nnonsense,Bad,Nowhere\n' > people.csv
import=$(call "$DIALWRIGHT_URL/v1/batches/$batch/imports?defaultCountry=US" --form file=@people.csv | field id)
call "$DIALWRIGHT_URL/v1/imports/$import/rows?accepted=false"
call --request POST "$DIALWRIGHT_URL/v1/imports/$import/confirm"

call --request POST "$DIALWRIGHT_URL/v1/batches/$batch/submit"
until [ "$(call "$DIALWRIGHT_URL/v1/batches/$batch" | field status)" = COMPLETED ]; do sleep 1; done
call "$DIALWRIGHT_URL/v1/batches/$batch/results.csv"

cursor=
while [ "$cursor" != null ]; do
  page=$(call "$DIALWRIGHT_URL/v1/batches/$batch/recipients?limit=1${cursor:+&cursor=$cursor}")
  field 'data[0].phoneNumber' <<< "$page"
  cursor=$(field nextCursor <<< "$page")
done
