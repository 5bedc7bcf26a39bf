//! What the values may be: everything else is refused with a text that names the field.
use super::tools::{chart, helm};
use serde_json::Value;

/// A setting, and what the refusal must name.
const REFUSED: &[(&str, &[&str])] = &[
    ("replica=1", &["replica", "not allowed"]),
    (r#"image={"repo":"x"}"#, &["image", "repo"]),
    (r#"image={"repository":""}"#, &["/image/repository"]),
    (r#"image={"digest":"abc"}"#, &["/image/digest"]),
    (
        r#"image={"pullPolicy":"Sometimes"}"#,
        &["/image/pullPolicy", "IfNotPresent"],
    ),
    (r#"image={"pullSecrets":["x"]}"#, &["/image/pullSecrets/0"]),
    (r#"replicas="two""#, &["/replicas", "integer"]),
    ("replicas=-1", &["/replicas"]),
    (r#"leaderElect="yes""#, &["/leaderElect", "boolean"]),
    (r#"leaseName="Lease""#, &["/leaseName"]),
    (r#"leaseNamespace="a.b""#, &["/leaseNamespace"]),
    (r#"leaseDuration="15""#, &["/leaseDuration"]),
    ("leaseDuration=15", &["/leaseDuration", "string"]),
    (r#"watchNamespaces="a""#, &["/watchNamespaces", "array"]),
    (r#"watchNamespaces=["A"]"#, &["/watchNamespaces/0"]),
    (r#"shardSelector={"a":"b"}"#, &["/shardSelector", "string"]),
    ("concurrency=0", &["/concurrency"]),
    ("concurrency=65536", &["/concurrency"]),
    (r#"logFormat="xml""#, &["/logFormat", "json"]),
    (r#"logFilter="""#, &["/logFilter"]),
    (r#"requestTimeout="soon""#, &["/requestTimeout"]),
    (r#"settleWindow="1 minute""#, &["/settleWindow"]),
    (
        r#"eventgridStopOperation="pause""#,
        &["/eventgridStopOperation", "PAUSE"],
    ),
    (r#"bindAddress="::""#, &["/bindAddress"]),
    (r#"health={"port":80}"#, &["/health/port", "minimum"]),
    (r#"metrics={"port":"8080"}"#, &["/metrics/port", "integer"]),
    (
        r#"metrics={"serviceMonitor":{"interval":30}}"#,
        &["/metrics/serviceMonitor/interval"],
    ),
    (r#"otlp={"endpoint":"collector:4318"}"#, &["/otlp/endpoint"]),
    (r#"extraEnv={"A":"b"}"#, &["/extraEnv", "array"]),
    (r#"extraEnv=[{"value":"b"}]"#, &["/extraEnv/0", "name"]),
    (r#"resources={"limit":{}}"#, &["/resources", "limit"]),
    (r#"podLabels={"a":1}"#, &["/podLabels/a", "string"]),
    (r#"livenessProbe={"path":"/"}"#, &["/livenessProbe", "path"]),
    (r#"crds={"install":true}"#, &["/crds", "install"]),
    (r#"rbac={"create":"true"}"#, &["/rbac/create", "boolean"]),
    (
        r#"serviceAccount={"annotations":{"a":true}}"#,
        &["/serviceAccount/annotations/a"],
    ),
    (
        r#"podDisruptionBudget={"maxUnavailable":"half"}"#,
        &["/podDisruptionBudget/maxUnavailable"],
    ),
    (
        r#"networkPolicy={"egress":{}}"#,
        &["/networkPolicy/egress", "array"],
    ),
    (
        "terminationGracePeriodSeconds=1",
        &["/terminationGracePeriodSeconds"],
    ),
    // What the schema cannot say is said by the templates.
    (
        "leaderElect=false",
        &["replicas: must be 0 or 1 while leaderElect is false"],
    ),
    (
        r#"rbac={"credentialNamespaces":["a"]}"#,
        &["rbac.credentialNamespaces: only with watchNamespaces"],
    ),
    (
        r#"metrics={"service":{"enabled":false},"serviceMonitor":{"enabled":true}}"#,
        &["metrics.serviceMonitor.enabled: needs metrics.service.enabled"],
    ),
];

#[test]
fn what_is_wrong_is_refused_by_name() {
    for (setting, words) in REFUSED {
        let chart = chart();
        let args = [
            "template",
            "trial",
            chart.to_str().unwrap(),
            "--set-json",
            setting,
        ];
        let text = helm(&args).refusal();
        for word in *words {
            assert!(
                text.contains(word),
                "{setting} is refused without naming {word}: {text}"
            );
        }
    }
}

#[test]
fn every_object_of_the_schema_is_closed_and_has_every_value() {
    let values = std::fs::read_to_string(chart().join("values.yaml")).unwrap();
    let values: Value = serde_saphyr::from_str(&values).unwrap();
    let schema = std::fs::read_to_string(chart().join("values.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    compare("", &values, &schema);
}

fn compare(path: &str, values: &Value, schema: &Value) {
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    assert_eq!(schema["additionalProperties"], false, "{path} is open");
    for name in values.as_object().unwrap().keys() {
        let below = format!("{path}/{name}");
        let property = properties
            .get(name)
            .unwrap_or_else(|| panic!("{below} is not in the schema"));
        compare(&below, &values[name], property);
    }
    for name in properties.keys().filter(|name| *name != "global") {
        let optional = path == "/resources" || path.ends_with("Probe");
        assert!(
            optional || values.get(name).is_some(),
            "{path}/{name} is not in values.yaml"
        );
    }
}

#[test]
fn every_value_is_explained() {
    let values = std::fs::read_to_string(chart().join("values.yaml")).unwrap();
    let lines: Vec<_> = values.lines().collect();
    let plain = [
        "nodeSelector",
        "tolerations",
        "priorityClassName",
        "podAnnotations",
        "podLabels",
        "resources",
        "image",
        "crds",
        "rbac",
        "serviceAccount",
        "health",
        "metrics",
        "otlp",
        "livenessProbe",
        "readinessProbe",
        "podDisruptionBudget",
        "networkPolicy",
    ];
    for (above, line) in lines.iter().zip(lines.iter().skip(1)) {
        let is_key = line.starts_with(|letter: char| letter.is_ascii_lowercase());
        let name = line.split(':').next().unwrap();
        assert!(
            !is_key || above.starts_with('#') || plain.contains(&name),
            "{name} has no comment in values.yaml"
        );
    }
}
