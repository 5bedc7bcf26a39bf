//! The command lines of the three programs.

use crate::{home::Home, plane::Options, ports::Ports};

/// The namespace, garbage and account machinery, and nothing that would need nodes.
const CONTROLLERS: &str = "namespace-controller,garbage-collector-controller,serviceaccount-controller,root-ca-certificate-publisher-controller";

pub(crate) fn etcd(home: &Home, ports: Ports) -> Vec<String> {
    let client = format!("http://127.0.0.1:{}", ports.etcd);
    let peer = format!("http://127.0.0.1:{}", ports.peer);
    vec![
        path("data-dir", home, "etcd"),
        // A plane is not meant to outlive the machine, and syncing costs tests more than half their time.
        "--unsafe-no-fsync=true".into(),
        "--log-level=warn".into(),
        // Room for benchmarks: the default of 2 GiB fills up within the five minutes between two compactions.
        format!("--quota-backend-bytes={}", 8_u64 << 30),
        format!("--listen-client-urls={client}"),
        format!("--advertise-client-urls={client}"),
        format!("--listen-peer-urls={peer}"),
        format!("--initial-advertise-peer-urls={peer}"),
        format!("--initial-cluster=default={peer}"),
    ]
}

pub(crate) fn apiserver(home: &Home, ports: Ports, options: &Options) -> Vec<String> {
    let mut flags = vec![
        format!("--etcd-servers=http://127.0.0.1:{}", ports.etcd),
        "--bind-address=127.0.0.1".into(),
        // Without these two the server looks for a network interface and does not start on a machine that has none.
        "--advertise-address=127.0.0.1".into(),
        "--endpoint-reconciler-type=none".into(),
        format!("--secure-port={}", ports.apiserver),
        path("cert-dir", home, "."),
        path("tls-cert-file", home, "server.crt"),
        path("tls-private-key-file", home, "server.key"),
        path("client-ca-file", home, "ca.crt"),
        path("service-account-key-file", home, "accounts.pub"),
        path("service-account-signing-key-file", home, "accounts.key"),
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local".into(),
        "--service-cluster-ip-range=10.0.0.0/24".into(),
        "--authorization-mode=RBAC".into(),
        "--allow-privileged=true".into(),
    ];
    if let Some(log) = &options.audit_log {
        flags.push(format!("--audit-log-path={}", log.display()));
        flags.push(path("audit-policy-file", home, "audit-policy.yaml"));
        // Whoever counts lines wants them all in one file.
        flags.push("--audit-log-maxsize=0".into());
    }
    flags.extend(options.extra_apiserver_args.iter().cloned());
    flags
}

pub(crate) fn manager(home: &Home) -> Vec<String> {
    vec![
        path("kubeconfig", home, "controller-manager.kubeconfig"),
        "--secure-port=0".into(),
        "--leader-elect=false".into(),
        "--use-service-account-credentials=true".into(),
        format!("--controllers={CONTROLLERS}"),
        path("root-ca-file", home, "ca.crt"),
        path("service-account-private-key-file", home, "accounts.key"),
        // The default of 20 requests a second makes tests wait for namespaces and garbage.
        "--kube-api-qps=1000".into(),
        "--kube-api-burst=2000".into(),
    ]
}

fn path(flag: &str, home: &Home, name: &str) -> String {
    format!("--{flag}={}", home.file(name).display())
}
