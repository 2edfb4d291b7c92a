#!/bin/bash
# Runs on the instance, from the unpacked artefact: user, program, unit, logs. LOG_GROUP names the log group.
# ROOT (empty on an instance) is put before every path, so that a test can run all of it in a folder of its own.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="${ROOT:-}"

id orderflow >/dev/null 2>&1 || useradd --system --no-create-home --shell /sbin/nologin orderflow
install -d -m 0755 "$root/opt/orderflow/producer" "$root/etc/systemd/system" "$root/etc/logrotate.d"
install -m 0644 "$here/producer.cjs" "$here/producer.cjs.map" "$root/opt/orderflow/producer/"
install -m 0644 "$here/orderflow-producer.service" "$root/etc/systemd/system/"
install -m 0644 "$here/logrotate.conf" "$root/etc/logrotate.d/orderflow"
install -d -m 0750 "$root/var/log/orderflow"
chown orderflow:orderflow "$root/var/log/orderflow"

# metrics stand in the log as embedded metrics; CloudWatch takes them out of the lines
agent="$root/opt/aws/amazon-cloudwatch-agent/etc/orderflow.json"
install -d -m 0755 "$(dirname "$agent")"
cat >"$agent" <<JSON
{
  "agent": { "run_as_user": "root" },
  "logs": {
    "logs_collected": {
      "files": {
        "collect_list": [
          {
            "file_path": "/var/log/orderflow/producer.log",
            "log_group_name": "$LOG_GROUP",
            "log_stream_name": "{instance_id}",
            "timezone": "UTC"
          }
        ]
      }
    }
  }
}
JSON
"$root/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl" -a fetch-config -m ec2 -s -c "file:$agent"

systemctl daemon-reload
systemctl enable --now orderflow-producer.service
