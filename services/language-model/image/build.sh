# Runs in CodeBuild, sourced by the project's buildspec (resources/encoder.yml), in the unpacked artefact. REGISTRY, REPOSITORY
# and TAG are set by the project; IMAGE_DIGEST is what it exports. Tags are made once: an image that is there is not built again.
set -euo pipefail
digest() {
  aws ecr describe-images --repository-name "$REPOSITORY" --image-ids "imageTag=$TAG" --query 'imageDetails[0].imageDigest' --output text
}
if ! IMAGE_DIGEST="$(digest 2>/dev/null)"; then
  aws ecr get-login-password | docker login --username AWS --password-stdin "$REGISTRY"
  # one platform, no attestations: SageMaker takes single images only
  docker build --platform linux/amd64 --provenance=false --tag "$REGISTRY/$REPOSITORY:$TAG" .
  docker push "$REGISTRY/$REPOSITORY:$TAG"
  IMAGE_DIGEST="$(digest)"
fi
export IMAGE_DIGEST
