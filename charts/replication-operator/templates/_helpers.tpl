{{- define "replication-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* Short enough for everything that is put behind it. */ -}}
{{- define "replication-operator.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 48 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 48 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 48 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* Cluster-wide objects of releases with the same name in different namespaces must not meet. */ -}}
{{- define "replication-operator.clusterName" -}}
{{- printf "%s-%s" .Release.Namespace (include "replication-operator.fullname" .) -}}
{{- end -}}

{{- define "replication-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "replication-operator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "replication-operator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "replication-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "replication-operator.serviceAccountName" -}}
{{- $made := ternary (include "replication-operator.fullname" .) "default" .Values.serviceAccount.create -}}
{{- default $made .Values.serviceAccount.name -}}
{{- end -}}

{{- define "replication-operator.leaseName" -}}
{{- default (include "replication-operator.fullname" .) .Values.leaseName -}}
{{- end -}}

{{- define "replication-operator.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ default $.Chart.AppVersion .tag }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "replication-operator.args" -}}
- run
- --metrics-addr={{ .Values.bindAddress }}:{{ .Values.metrics.port }}
- --health-addr={{ .Values.bindAddress }}:{{ .Values.health.port }}
- --leader-elect={{ .Values.leaderElect }}
- --lease-name={{ include "replication-operator.leaseName" . }}
{{- with .Values.leaseNamespace }}
- --lease-namespace={{ . }}
{{- end }}
- --lease-duration={{ .Values.leaseDuration }}
{{- range .Values.watchNamespaces }}
- --watch-namespace={{ . }}
{{- end }}
{{- with .Values.shardSelector }}
- {{ printf "--shard-selector=%s" . | quote }}
{{- end }}
- --concurrency={{ .Values.concurrency }}
- --log-format={{ .Values.logFormat }}
- {{ printf "--log-filter=%s" .Values.logFilter | quote }}
- --request-timeout={{ .Values.requestTimeout }}
- --settle-window={{ .Values.settleWindow }}
- --eventgrid-stop-operation={{ .Values.eventgridStopOperation }}
{{- end -}}

{{- /* What the schema cannot say. */ -}}
{{- define "replication-operator.check" -}}
{{- if and (not .Values.leaderElect) (gt (int .Values.replicas) 1) -}}
{{- fail "replicas: must be 0 or 1 while leaderElect is false: two pods that do not elect would both create jobs" -}}
{{- end -}}
{{- if and .Values.rbac.credentialNamespaces (not .Values.watchNamespaces) -}}
{{- fail "rbac.credentialNamespaces: only with watchNamespaces; without it the operator reads Secrets in all namespaces" -}}
{{- end -}}
{{- if and .Values.metrics.serviceMonitor.enabled (not .Values.metrics.service.enabled) -}}
{{- fail "metrics.serviceMonitor.enabled: needs metrics.service.enabled" -}}
{{- end -}}
{{- end -}}

{{- /* A binding to the operator's account. Arguments: root, kind (of role), name. */ -}}
{{- define "replication-operator.bind" -}}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ .kind }}
  name: {{ .name }}
subjects:
  - kind: ServiceAccount
    name: {{ include "replication-operator.serviceAccountName" .root }}
    namespace: {{ .root.Release.Namespace }}
{{- end -}}
