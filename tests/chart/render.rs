//! What is rendered: complete, hardened, and free of what was not asked for.
use super::tools::{chart, find, helm, names, render};
use serde_json::{Value, json};

/// Every part of the chart switched on.
pub(crate) const ALL: &[&str] = &[
    r#"commonLabels={"team":"data"}"#,
    r#"image={"repository":"images.example/operator","digest":"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","pullPolicy":"Always","pullSecrets":[{"name":"registry"}]}"#,
    r#"serviceAccount={"annotations":{"identity":"operator"}}"#,
    r#"metrics={"service":{"annotations":{"a":"b"}},"serviceMonitor":{"enabled":true,"labels":{"release":"prometheus"},"relabelings":[{"action":"labeldrop","regex":"pod"}],"metricRelabelings":[{"action":"keep","regex":"replication_.*","sourceLabels":["__name__"]}]}}"#,
    r#"otlp={"endpoint":"http://collector.telemetry:4318"}"#,
    r#"extraEnv=[{"name":"HTTPS_PROXY","value":"http://proxy.example:3128"}]"#,
    r#"extraEnvFrom=[{"secretRef":{"name":"more"}}]"#,
    r#"extraVolumes=[{"name":"ca","configMap":{"name":"ca"}}]"#,
    r#"extraVolumeMounts=[{"name":"ca","mountPath":"/etc/ca","readOnly":true}]"#,
    r#"podAnnotations={"note":"x"}"#,
    r#"podLabels={"tier":"control"}"#,
    r#"priorityClassName="system-cluster-critical""#,
    r#"nodeSelector={"kubernetes.io/os":"linux"}"#,
    r#"tolerations=[{"key":"dedicated","operator":"Exists","effect":"NoSchedule"}]"#,
    r#"affinity={"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"kubernetes.io/arch","operator":"In","values":["amd64"]}]}]}}}"#,
    r#"topologySpreadConstraints=[{"maxSkew":1,"topologyKey":"topology.kubernetes.io/zone","whenUnsatisfiable":"ScheduleAnyway"}]"#,
    r#"networkPolicy={"enabled":true,"metricsFrom":[{"namespaceSelector":{"matchLabels":{"name":"monitoring"}}}],"egress":[{"ports":[{"port":443,"protocol":"TCP"}]}]}"#,
    r#"watchNamespaces=["default","kube-public"]"#,
    r#"rbac={"credentialNamespaces":["kube-system"]}"#,
    r#"shardSelector="shard=a""#,
];

#[test]
fn lint_has_nothing_to_say() {
    let chart = chart();
    let defaults = ["lint", "--strict", chart.to_str().unwrap()];
    let all = ALL.iter().flat_map(|setting| ["--set-json", *setting]);
    for args in [defaults.to_vec(), defaults.into_iter().chain(all).collect()] {
        let text = helm(&args).unwrap();
        assert!(!text.contains("[WARNING]") && !text.contains("[ERROR]"), "{text}");
    }
}

#[test]
fn the_versions_are_the_programs() {
    let text = std::fs::read_to_string(chart().join("Chart.yaml")).unwrap();
    let chart: Value = serde_saphyr::from_str(&text).unwrap();
    assert_eq!(chart["appVersion"], env!("CARGO_PKG_VERSION"));
    assert_eq!(chart["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_default_release_is_complete() {
    let mut objects = names(&render(&[r#"crds={"enabled":false}"#]));
    objects.sort();
    let name = "trial-replication-operator";
    let expected = [
        format!("ClusterRole ops-{name}"),
        format!("ClusterRole ops-{name}-edit"),
        format!("ClusterRole ops-{name}-view"),
        format!("ClusterRoleBinding ops-{name}"),
        format!("Deployment {name}"),
        format!("PodDisruptionBudget {name}"),
        format!("Role ops-{name}-lease"),
        format!("RoleBinding ops-{name}-lease"),
        format!("Service {name}-metrics"),
        format!("ServiceAccount {name}"),
    ];
    assert_eq!(objects, expected);
}

#[test]
fn the_definitions_are_those_of_the_repository_and_are_kept() {
    for (settings, kept) in [
        (&[][..], json!("keep")),
        (&["crds={\"keep\":false}"], Value::Null),
    ] {
        let objects = render(settings);
        let definitions: Vec<_> = objects
            .iter()
            .filter(|object| object["kind"] == "CustomResourceDefinition")
            .collect();
        let expected = replication_operator::runtime::controllers::definitions();
        assert_eq!(definitions.len(), expected.len());
        for wanted in expected {
            let name = wanted.metadata.name.clone().unwrap();
            let found = find(&objects, "CustomResourceDefinition", &name);
            assert_eq!(found["spec"], serde_json::to_value(&wanted.spec).unwrap());
            assert_eq!(found["metadata"]["annotations"]["helm.sh/resource-policy"], kept);
            assert_eq!(found["metadata"]["labels"]["app.kubernetes.io/instance"], "trial");
        }
    }
}

#[test]
fn the_pod_is_hardened_and_probed() {
    let objects = render(&[]);
    let deployment = find(&objects, "Deployment", "trial-replication-operator");
    let pod = &deployment["spec"]["template"]["spec"];
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    assert_eq!(pod["securityContext"]["runAsUser"], 65532);
    assert_eq!(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault");
    let container = &pod["containers"][0];
    let context = json!({
        "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]},
    });
    assert_eq!(container["securityContext"], context);
    assert_eq!(
        container["livenessProbe"]["httpGet"],
        json!({"path": "/livez", "port": "health"})
    );
    assert_eq!(
        container["readinessProbe"]["httpGet"],
        json!({"path": "/readyz", "port": "health"})
    );
    assert_eq!(
        container["image"],
        format!("replication-operator:{}", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(deployment["spec"].get("strategy"), None);
}

#[test]
fn every_option_reaches_its_object() {
    let objects = render(ALL);
    let deployment = find(&objects, "Deployment", "trial-replication-operator");
    assert_eq!(deployment["metadata"]["labels"]["team"], "data");
    let pod = &deployment["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    let image = container["image"].as_str().unwrap();
    assert!(image.starts_with("images.example/operator@sha256:"), "{image}");
    let variables: Vec<_> = container["env"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| &v["name"])
        .collect();
    assert_eq!(
        variables,
        ["POD_NAME", "OTEL_EXPORTER_OTLP_ENDPOINT", "HTTPS_PROXY"]
    );
    assert_eq!(container["volumeMounts"][0]["mountPath"], "/etc/ca");
    assert_eq!(container["envFrom"][0]["secretRef"]["name"], "more");
    assert_eq!(pod["imagePullSecrets"], json!([{"name": "registry"}]));
    assert!(pod["affinity"].get("podAntiAffinity").is_none());
    let labels = &pod["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"];
    assert_eq!(*labels, deployment["spec"]["selector"]["matchLabels"]);
    let policy = &find(&objects, "NetworkPolicy", "trial-replication-operator")["spec"];
    assert_eq!(policy["policyTypes"], json!(["Ingress", "Egress"]));
    let monitor = &find(&objects, "ServiceMonitor", "trial-replication-operator")["spec"];
    let service = find(&objects, "Service", "trial-replication-operator-metrics");
    for (name, value) in monitor["selector"]["matchLabels"].as_object().unwrap() {
        assert_eq!(service["metadata"]["labels"][name], *value);
    }
}

#[test]
fn without_an_election_the_old_pod_ends_before_the_new_one_starts() {
    let objects = render(&["leaderElect=false", "replicas=1"]);
    let deployment = find(&objects, "Deployment", "trial-replication-operator");
    assert_eq!(deployment["spec"]["strategy"]["type"], "Recreate");
    assert!(
        !names(&objects)
            .iter()
            .any(|name| name.starts_with("PodDisruptionBudget"))
    );
}

#[test]
fn what_is_switched_off_is_left_out() {
    let settings = [
        r#"crds={"enabled":false}"#,
        r#"rbac={"create":false,"aggregate":false}"#,
        r#"serviceAccount={"create":false}"#,
        r#"metrics={"service":{"enabled":false}}"#,
        r#"podDisruptionBudget={"enabled":false}"#,
    ];
    let objects = render(&settings);
    assert_eq!(names(&objects), ["Deployment trial-replication-operator"]);
    assert_eq!(
        objects[0]["spec"]["template"]["spec"]["serviceAccountName"],
        "default"
    );
}

#[test]
fn long_names_stay_legal() {
    let chart = chart();
    let long = "r".repeat(53);
    let text = helm(&[
        "template",
        &long,
        chart.to_str().unwrap(),
        "--namespace",
        &"n".repeat(63),
    ])
    .unwrap();
    for object in super::tools::documents(&text) {
        let name = object["metadata"]["name"].as_str().unwrap();
        let longest = if object["kind"] == "Service" { 63 } else { 253 };
        assert!(name.len() <= longest, "{name}");
    }
}
