# Part of the user data, after the lines that set ARTEFACT_BUCKET, ARTEFACT_KEY, ARTEFACT_SHA256, LOG_GROUP, PORT, STACK
# and AWS_REGION. Fetches the artefact, refuses anything but the content it was deployed with, installs it, and tells
# CloudFormation that the instance is good only when the producer answers.
set -euo pipefail
PATH="$PATH:/opt/aws/bin"
trap 'cfn-signal --exit-code "$?" --stack "$STACK" --resource Fleet --region "$AWS_REGION"' EXIT

dnf install -y --quiet nodejs24 amazon-cloudwatch-agent aws-cfn-bootstrap logrotate unzip
work="$(mktemp -d)"
aws s3 cp --only-show-errors "s3://$ARTEFACT_BUCKET/$ARTEFACT_KEY" "$work/producer.zip"
echo "$ARTEFACT_SHA256  $work/producer.zip" | sha256sum --check --quiet
unzip -q "$work/producer.zip" -d "$work/producer"
bash "$work/producer/install.sh"
rm -rf "$work"
curl --silent --show-error --fail --output /dev/null --retry 60 --retry-delay 1 --retry-all-errors "http://127.0.0.1:$PORT/healthz"
