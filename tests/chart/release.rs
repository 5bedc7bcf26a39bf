//! Releases in a real API server: installed, upgraded, rolled back, uninstalled without a trace.
use super::render::ALL;
use super::tools::{Cluster, Namespace, chart};
use serde_json::json;

/// The definitions are there already, and other releases may own them.
const NO_CRDS: &str = r#"crds={"enabled":false}"#;

/// `helm <verb> …` for a release in a namespace.
pub(crate) fn release(
    cluster: &Cluster,
    verb: &str,
    namespace: &str,
    name: &str,
    settings: &[&str],
) -> super::tools::Answer {
    let chart = chart();
    let mut args = vec![
        verb,
        name,
        chart.to_str().unwrap(),
        "--namespace",
        namespace,
        "--set-json",
        NO_CRDS,
    ];
    args.extend(settings.iter().flat_map(|setting| ["--set-json", *setting]));
    cluster.helm(&args)
}

#[test]
fn a_server_side_dry_run_takes_every_object() {
    let cluster = Cluster::shared();
    let namespace = Namespace::new(&cluster, "chart-dry");
    let name = &namespace.name;
    // No definition of a ServiceMonitor is here.
    let monitor = r#"metrics={"serviceMonitor":{"enabled":false}}"#;
    let all: Vec<_> = ALL.iter().copied().chain([monitor]).collect();
    for settings in [&[][..], &[r#"watchNamespaces=["default"]"#], &all] {
        let flags = ["--dry-run=server"];
        let chart = chart();
        let mut args = vec![
            "install",
            name,
            chart.to_str().unwrap(),
            "-n",
            name,
            "--set-json",
            NO_CRDS,
        ];
        args.extend(flags);
        args.extend(settings.iter().flat_map(|setting| ["--set-json", *setting]));
        let text = cluster.helm(&args).unwrap();
        let manifest = text
            .split_once("MANIFEST:")
            .unwrap()
            .1
            .split("NOTES:")
            .next()
            .unwrap();
        let apply = ["create", "--dry-run=server", "--validate=strict", "-f", "-"];
        cluster.kubectl_with(&apply, manifest).unwrap();
    }
    assert_eq!(cluster.objects_of(name), Vec::<String>::new());
}

#[test]
fn a_release_is_installed_upgraded_rolled_back_and_gone() {
    let cluster = Cluster::shared();
    let namespace = Namespace::new(&cluster, "chart-life");
    let name = namespace.name.as_str();
    let notes = release(&cluster, "install", name, name, &[]).unwrap();
    assert!(notes.contains("It looks after all namespaces."), "{notes}");
    assert!(notes.contains("kubectl apply --server-side"), "{notes}");
    // Release and chart name make the name of every object.
    let full = format!("{name}-replication-operator");
    let deployment = || cluster.get(&["deployment", "-n", name, &full]);
    assert_eq!(deployment()["spec"]["replicas"], 2);

    release(
        &cluster,
        "upgrade",
        name,
        name,
        &["replicas=3", r#"watchNamespaces=["default"]"#],
    )
    .unwrap();
    assert_eq!(deployment()["spec"]["replicas"], 3);
    let role = format!("role/{name}-{full}-watched");
    cluster.get(&["-n", "default", &role]);

    cluster.helm(&["rollback", name, "1", "-n", name]).unwrap();
    assert_eq!(deployment()["spec"]["replicas"], 2);
    cluster.kubectl(&["get", "-n", "default", &role]).refusal();

    cluster.helm(&["uninstall", name, "-n", name]).unwrap();
    assert_eq!(cluster.objects_of(name), Vec::<String>::new());
    let left = cluster
        .kubectl(&["get", "secret,lease,configmap", "-n", name, "-o", "name"])
        .unwrap();
    assert_eq!(left.trim(), "configmap/kube-root-ca.crt");
}

#[test]
fn releases_of_one_name_in_two_namespaces_do_not_meet() {
    let cluster = Cluster::shared();
    let (one, two) = (
        Namespace::new(&cluster, "chart-one"),
        Namespace::new(&cluster, "chart-two"),
    );
    for namespace in [&one, &two] {
        release(&cluster, "install", &namespace.name, "same", &[]).unwrap();
    }
    for namespace in [&one, &two] {
        cluster
            .helm(&["uninstall", "same", "-n", &namespace.name])
            .unwrap();
    }
}

#[test]
fn the_pods_pass_the_restricted_standard() {
    let cluster = Cluster::shared();
    let namespace = Namespace::new(&cluster, "chart-pod");
    let name = namespace.name.as_str();
    release(&cluster, "install", name, name, &[]).unwrap();
    let label = "pod-security.kubernetes.io/enforce=restricted";
    cluster.kubectl(&["label", "namespace", name, label]).unwrap();
    let deployment = cluster.get(&["deployment", "-n", name, &format!("{name}-replication-operator")]);
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "trial", "namespace": name},
        "spec": deployment["spec"]["template"]["spec"],
    });
    let create = ["create", "--dry-run=server", "-f", "-"];
    let answer = cluster.kubectl_with(&create, &pod.to_string());
    assert!(!answer.errors.contains("Warning"), "{}", answer.errors);
    answer.unwrap();
    let mut worse = pod;
    worse["spec"]["containers"][0]["securityContext"]["allowPrivilegeEscalation"] = json!(true);
    let text = cluster.kubectl_with(&create, &worse.to_string()).refusal();
    assert!(text.contains("violates PodSecurity"), "{text}");
    cluster.helm(&["uninstall", name, "-n", name]).unwrap();
}
