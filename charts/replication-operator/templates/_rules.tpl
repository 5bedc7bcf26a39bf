{{- /* Made from the list of kinds by `REGENERATE=1 cargo test --test chart generated`; not to be edited. */ -}}

{{- define "replication-operator.rules.watched" }}
- apiGroups: ['replication.dev']
  resources: ['cdmjobs', 'cdmlinks', 'cloudaccounts', 'datahubtasks', 'eventrouterjobs', 'smartconnecttasks']
  verbs: ['list', 'watch', 'patch']
- apiGroups: ['replication.dev']
  resources: ['cdmjobs/status', 'cdmlinks/status', 'cloudaccounts/status', 'datahubtasks/status', 'eventrouterjobs/status', 'smartconnecttasks/status']
  verbs: ['patch']
- apiGroups: ['']
  resources: ['secrets']
  verbs: ['get', 'list', 'watch', 'patch']
- apiGroups: ['events.k8s.io']
  resources: ['events']
  verbs: ['create', 'patch']
{{- end }}

{{- define "replication-operator.rules.cluster" }}
- apiGroups: ['replication.dev']
  resources: ['clustercloudaccounts']
  verbs: ['list', 'watch', 'patch']
- apiGroups: ['replication.dev']
  resources: ['clustercloudaccounts/status']
  verbs: ['patch']
- apiGroups: ['']
  resources: ['namespaces']
  verbs: ['get']
{{- end }}

{{- define "replication-operator.rules.own" }}
- apiGroups: ['coordination.k8s.io']
  resources: ['leases']
  verbs: ['create']
- apiGroups: ['coordination.k8s.io']
  resources: ['leases']
  resourceNames: ['{{ include "replication-operator.leaseName" . }}']
  verbs: ['get', 'update']
- apiGroups: ['']
  resources: ['secrets']
  verbs: ['create']
- apiGroups: ['']
  resources: ['secrets']
  resourceNames: ['{{ include "replication-operator.leaseName" . }}-digest-key']
  verbs: ['get']
{{- end }}

{{- define "replication-operator.rules.credentials" }}
- apiGroups: ['']
  resources: ['secrets']
  verbs: ['get', 'patch']
{{- end }}

{{- define "replication-operator.rules.view" }}
- apiGroups: ['replication.dev']
  resources: ['cdmjobs', 'cdmlinks', 'cloudaccounts', 'datahubtasks', 'eventrouterjobs', 'smartconnecttasks', 'clustercloudaccounts']
  verbs: ['get', 'list', 'watch']
{{- end }}

{{- define "replication-operator.rules.edit" }}
- apiGroups: ['replication.dev']
  resources: ['cdmjobs', 'cdmlinks', 'cloudaccounts', 'datahubtasks', 'eventrouterjobs', 'smartconnecttasks']
  verbs: ['create', 'delete', 'deletecollection', 'patch', 'update']
{{- end }}
