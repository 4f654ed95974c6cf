#!/usr/bin/env bash
# The rules of Prometheus with each alert's tests and runbook, and Alertmanager's configuration and routes.
set -euo pipefail
source scripts/lib/steps.sh
source scripts/lib/install.sh
need promtool amtool

promtool check config --syntax-only ops/prometheus.yml
promtool check rules ops/recording.rules.yml ops/alert.rules.yml
promtool test rules ops/tests/alert.rules.test.yml
python3 ops/tests/check_alerts.py

amtool check-config ops/alertmanager.yml
while read -r receiver labels; do
  amtool config routes test --config.file=ops/alertmanager.yml --verify.receivers="$receiver" "$labels"
done <<'ROUTES'
critical-pager severity=critical
warning-slack severity=warning
default-email severity=none
ROUTES

echo "REAL: the tests of all alerts, one that fires and one that stays silent, by promtool"
echo "CHECKED: Alertmanager's routes to PagerDuty, Slack and mail, by amtool; none of the three is called"
