//! The signer against the vectors of the official SDK.
use super::*;

const AK: &str = "AKEXAMPLE00000000001";
const SK: &str = "SKexample/Secret+Key0000000000000000=001";
const PID: &str = "0123456789abcdef0123456789abcdef";
const CHANNELS: &str = "/v1/0123456789abcdef0123456789abcdef/channels";
const DATE: (&str, &str) = ("X-Sdk-Date", "20260102T030405Z");
const HOST: (&str, &str) = ("Host", "eg.cn-north-4.myhuaweicloud.com");
const JSON: (&str, &str) = ("Content-Type", "application/json");
const PROJECT: (&str, &str) = ("X-Project-Id", PID);
const ORDERS: &str = r#"{"name":"orders","description":"café"}"#;

fn check(request: &Unsigned<'_>, names: &str, hash: Option<&str>, signature: &str) {
    if let Some(hash) = hash {
        let canonical = canonical_request(request);
        assert_eq!(hex::encode(Sha256::digest(&canonical)), hash, "{canonical}");
    }
    check_as(request, (AK, SK), names, signature);
}

fn check_as(request: &Unsigned<'_>, (access, secret): (&str, &str), names: &str, signature: &str) {
    assert_eq!(
        authorization(request, &access.into(), &secret.into()).unwrap(),
        format!("SDK-HMAC-SHA256 Access={access}, SignedHeaders={names}, Signature={signature}"),
    );
}

fn get<'a>(path: &'a str, headers: &'a [(&'a str, &'a str)]) -> Unsigned<'a> {
    Unsigned {
        method: "GET",
        path,
        query: &[],
        headers,
        body: b"",
    }
}

#[test]
fn v1_minimal_get() {
    let request = get(CHANNELS, &[HOST, DATE]);
    let canonical = "GET\n/v1/0123456789abcdef0123456789abcdef/channels/\n\n\
        host:eg.cn-north-4.myhuaweicloud.com\nx-sdk-date:20260102T030405Z\n\nhost;x-sdk-date\n\
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(canonical_request(&request), canonical);
    check(
        &request,
        "host;x-sdk-date",
        Some("04f153b6cd50e39707506709bd0e49268464930313582dcd9f2d7ca3139b83f9"),
        "0f09c95505700b9972f3b3da7e503f23e2f1abf64fec2021cadb03673bd010d8",
    );
}

#[test]
fn v2_get_with_query() {
    let headers = [JSON, HOST, PROJECT, DATE];
    let request = Unsigned {
        query: &[
            ("offset", "0"),
            ("limit", "10"),
            ("name", "a b/c+d~é"),
            ("sort", "created_time:DESC"),
            ("fuzzy", "true"),
        ],
        ..get(CHANNELS, &headers)
    };
    assert_eq!(
        canonical_query(request.query),
        "fuzzy=true&limit=10&name=a%20b%2Fc%2Bd~%C3%A9&offset=0&sort=created_time%3ADESC"
    );
    check(
        &request,
        "content-type;host;x-project-id;x-sdk-date",
        Some("82e988bc3c500621d453f863bafc56945f47d6c3875e7a872124d4e387b89d8e"),
        "3201751a24ae387213e203d4c4755c24f8824c893b8fe86065fb0932e5c26fa6",
    );
}

#[test]
fn v3_post_json() {
    let headers = [JSON, HOST, ("User-Agent", "demo/1.0"), PROJECT, DATE];
    let request = Unsigned {
        method: "POST",
        body: ORDERS.as_bytes(),
        ..get(CHANNELS, &headers)
    };
    check(
        &request,
        "content-type;host;user-agent;x-project-id;x-sdk-date",
        Some("75e38566511ae628375954376663618dcc3a0accd57bc5b9809d75eefa5faac7"),
        "58c99ebc0c54796fe54994610636b3302100a7fc18769b771a44feb4e5cfd3ab",
    );
}

#[test]
fn v4_temporary_key() {
    let path = format!("{CHANNELS}/ch-1");
    let headers = [
        ("X-Security-Token", "STexample-token/0001"),
        JSON,
        HOST,
        PROJECT,
        DATE,
    ];
    let request = Unsigned {
        method: "DELETE",
        ..get(&path, &headers)
    };
    check(
        &request,
        "content-type;host;x-project-id;x-sdk-date;x-security-token",
        Some("dd3bc919ecdc995313c277912c1cb6ef17cad7e013d61e9c802983a6a5403cb8"),
        "0ee13c397b225a8c6415cfb5dd665f96395fe6b8beff6800c42784d783bcfcbb",
    );
}

#[test]
fn v5_unsigned_payload() {
    let path = format!("/v1/{PID}/upload");
    let headers = [
        ("Content-Type", "application/octet-stream"),
        ("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD"),
        HOST,
        PROJECT,
        DATE,
    ];
    let request = Unsigned {
        method: "POST",
        body: &[0, 1, 2],
        ..get(&path, &headers)
    };
    check(
        &request,
        "content-type;host;x-project-id;x-sdk-content-sha256;x-sdk-date",
        Some("ae126069d06c9105f72c35198fbc2c20e0428be8ca140e8fd66a7059764255b3"),
        "9333218c6058b1e2f5143c6ea5c738de3f4b411f61a82dd5b0ad9ca9fb23a875",
    );
}

#[test]
fn v5b_unsigned_json() {
    let headers = [
        JSON,
        ("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD"),
        HOST,
        PROJECT,
        DATE,
    ];
    let request = Unsigned {
        method: "POST",
        body: ORDERS.as_bytes(),
        ..get(CHANNELS, &headers)
    };
    check(
        &request,
        "content-type;host;x-project-id;x-sdk-content-sha256;x-sdk-date",
        Some("2553bfccf73f419be09b17eccdf91c4a4a29a5061d67f13ffbaa0255cfa59c34"),
        "92509e7754dc87e7e5fe8f1cead471a730e9dde76ae1c88571f7755fb8a1b5a2",
    );
}

#[test]
fn v6_path_escapes() {
    let name = escape("my job:one/two");
    assert_eq!(name, "my%20job%3Aone%2Ftwo");
    let path = format!("/v1.1/{PID}/clusters/cl-1/cdm/job/{name}");
    let headers = [("host", "cdm.cn-north-4.myhuaweicloud.com"), PROJECT, DATE];
    let request = get(&path, &headers);
    assert!(canonical_request(&request).contains("/cdm/job/my%20job%3Aone/two/\n"));
    check(
        &request,
        "host;x-project-id;x-sdk-date",
        Some("254307c06bdd970180a2d34841ff933daa956b5e554cbbbe208630dddb731fbc"),
        "178f5e8e067ee99be6a51b608c735cec6c9a869f0cc451caf6d0a645a051e2d1",
    );
}

#[test]
fn v9_project_lookup() {
    let headers = [
        ("host", "iam.myhuaweicloud.com"),
        ("X-Domain-Id", "d0000000000000000000000000000001"),
        DATE,
    ];
    let request = Unsigned {
        query: &[("name", "cn-north-4")],
        ..get("/v3/projects", &headers)
    };
    check(
        &request,
        "host;x-domain-id;x-sdk-date",
        Some("36be315b4ebc8414ca5a69ce7f9de75e71241ea5cfe9c181e45f869f26cc970e"),
        "5e05450c2146f96b74b097f0b276f648082565984b43c2f6c911c19625882cf5",
    );
}

#[test]
fn v10_ordering() {
    let headers = [HOST, PROJECT, DATE];
    let request = Unsigned {
        query: &[("id", "b"), ("a-b", "1"), ("aB", "2"), ("A", "3"), ("id", "a")],
        ..get(CHANNELS, &headers)
    };
    check(
        &request,
        "host;x-project-id;x-sdk-date",
        Some("3ca9c137a224fcc7395bdf055e254771791afd2318a83b23afba790fcd1b8dfc"),
        "3a2673013ae72403ddb3f68228eea74ee0140962e5cb485404bf0494e0c2136a",
    );
}

#[test]
fn v11_date_only() {
    check(
        &get(CHANNELS, &[DATE]),
        "x-sdk-date",
        None,
        "15258dd119f7106091467319dc705c8aa483da753395bd7765dc7ca3db570abf",
    );
}

#[test]
fn v12_without_host() {
    check(
        &get(CHANNELS, &[PROJECT, DATE]),
        "x-project-id;x-sdk-date",
        None,
        "103e53325e51ab16598acb4e8308a9dc21e23d86c448b4396d89e07e4ec63356",
    );
}

#[test]
fn v13_body_with_line_feed() {
    let headers = [
        ("Accept", "application/json"),
        JSON,
        ("User-Agent", "demo/1.0"),
        DATE,
    ];
    let request = Unsigned {
        method: "POST",
        body: b"{\"name\":\"orders\"}\n",
        ..get(CHANNELS, &headers)
    };
    check(
        &request,
        "accept;content-type;user-agent;x-sdk-date",
        None,
        "32524afa740dc357628c4aea879560fc620bfb289a591a2db29238bf61ea0d13",
    );
}

#[test]
fn the_sdks_own_pair_leaves_underscores_unsigned() {
    let headers = [
        ("host", "service.endpoint.myhuaweicloud.com"),
        ("X-Sdk-Date", "20200608T023900Z"),
        ("TEST_UNDERSCORE", "TEST_VALUE"),
    ];
    let request = Unsigned {
        query: &[("size", "1")],
        ..get("/resources", &headers)
    };
    let pair = ("AccessKey", "SecretKey");
    let signature = "cfb4171acec81de07d50e53d57eb77edd537414d66ddb1d7d780f128e12cd842";
    check_as(&request, pair, "host;x-sdk-date", signature);
    let request = Unsigned {
        method: "POST",
        body: br#"{"name":"test","id":1}"#,
        ..request
    };
    let signature = "436b1ac0a1ae03705934bb70ef2f2e09f7bfed2117d731a38235053199323a1f";
    check_as(&request, pair, "host;x-sdk-date", signature);
}

#[test]
fn the_empty_path_is_a_slash() {
    assert_eq!(canonical_path(""), "/");
    assert_eq!(canonical_path("/"), "/");
}
