{{- define "facet.labels" -}}
app.kubernetes.io/part-of: facet
{{- end }}

{{- define "facet.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{- define "facet.pod" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- /* The variables of a service; the ConfigMap's name holds a digest of them, so a change rolls the pods. */}}
{{- define "facet.settings" -}}
{{- $own := index .root.Values .name }}
{{- $settings := dict "FACET_GRPC_HOST" "0.0.0.0" "FACET_ADMIN_HOST" "0.0.0.0" "FACET_ACCESS_PLAINTEXT" "true" }}
{{- if eq .name "gateway" }}
{{- $_ := mergeOverwrite $settings (dict
      "FACET_ACCESS_MODE" "keys"
      "FACET_ACCESS_INITIAL_KEY_FILE" "/etc/facet/key/key"
      "FACET_BACKEND_DETECTOR" "dns:///detector:50052"
      "FACET_BACKEND_EMBEDDER" "dns:///embedder:50053"
      "FACET_BACKEND_TOKEN_FILE" "/etc/facet/token/token"
      "FACET_DATA_DIRECTORY" "/data"
      "JDK_JAVA_OPTIONS" "-Dsun.net.inetaddr.ttl=5 -Dnetworkaddress.cache.ttl=5") }}
{{- else }}
{{- $_ := mergeOverwrite $settings (dict
      "FACET_ACCESS_TOKEN_FILE" "/etc/facet/token/token"
      "FACET_MODELS_SERVE" (join "," $own.models)
      "FACET_MODELS_CACHE" "/models"
      "FACET_MODELS_SOURCES" "mirror") }}
{{- end }}
{{- toYaml (mergeOverwrite $settings $own.settings) }}
{{- end }}

{{- define "facet.settingsName" -}}
{{ .name }}-{{ include "facet.settings" . | sha256sum | trunc 10 }}
{{- end }}
