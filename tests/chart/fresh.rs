//! A cluster that has never seen the operator: the release brings the definitions, and leaves them when it goes.
use super::generated::file;
use super::tools::{Cluster, chart};
use control_plane::{ControlPlane, Options};

const CRDS: &[&str] = &["get", "crd", "-o", "name"];

fn install(cluster: &Cluster, settings: &[&str]) {
    let chart = chart();
    let mut args = vec!["upgrade", "--install", "fresh", chart.to_str().unwrap()];
    args.extend(["--namespace", "operator", "--create-namespace"]);
    args.extend(settings.iter().flat_map(|setting| ["--set", *setting]));
    cluster.helm(&args).unwrap();
}

fn uninstall(cluster: &Cluster) {
    cluster.helm(&["uninstall", "fresh", "-n", "operator"]).unwrap();
}

#[tokio::test]
async fn the_release_brings_the_definitions_and_leaves_them() {
    let plane = ControlPlane::start(Options::default()).await.unwrap();
    let cluster = Cluster::of(&plane);
    install(&cluster, &[]);
    let mut expected: Vec<_> = std::fs::read_dir(file("crds"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| {
            format!(
                "customresourcedefinition.apiextensions.k8s.io/{}\n",
                name.trim_end_matches(".yaml")
            )
        })
        .collect();
    expected.sort();
    let definitions = || cluster.kubectl(CRDS).unwrap();
    assert_eq!(definitions(), expected.concat());

    let account = r#"{"apiVersion": "replication.dev/v1alpha1", "kind": "CloudAccount",
        "metadata": {"name": "kept", "namespace": "default"},
        "spec": {"provider": "HuaweiCloud", "region": "eu-west-101",
                 "credentials": {"source": "Secret", "secretRef": {"name": "keys"}}}}"#;
    let served = [
        "wait",
        "--for=condition=Established",
        "--timeout=30s",
        "crd",
        "--all",
    ];
    cluster.kubectl(&served).unwrap();
    cluster.kubectl_with(&["create", "-f", "-"], account).unwrap();

    uninstall(&cluster);
    assert_eq!(definitions(), expected.concat());
    cluster.get(&["cloudaccount", "kept", "-n", "default"]);
    let mut left = cluster.objects_of("fresh");
    left.sort();
    assert_eq!(left.join("\n"), expected.concat().trim_end());

    // What was kept is taken up again by the release of the same name.
    install(&cluster, &[]);
    install(&cluster, &["crds.keep=false"]);
    uninstall(&cluster);
    assert_eq!(cluster.objects_of("fresh"), Vec::<String>::new());
    assert_eq!(definitions(), "");
}
