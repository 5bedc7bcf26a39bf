//! The vectors of the reference, which the vendor's SDK and an independent implementation agree on.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::*;

const SECRET_ID: &str = "AKIDEXAMPLE0000000000000000000000000";
const SECRET_KEY: &str = "SecretKeyExample00000000000000000";
const NEW_YEAR: i64 = 1_735_689_600;
const HOST: &str = "ckafka.tencentcloudapi.com";
const JSON: &str = "application/json";
const BODY: &str = r#"{"TaskId":"task-0a1b2c3d"}"#;
const CREATE: &str = r#"{"TaskName":"orders-to-es","TaskType":"SINK","SourceResource":{"Type":"KAFKA","KafkaParam":{"SelfBuilt":false,"Resource":"ckafka-0a1b2c3d","Topic":"orders","OffsetType":"timestamp","StartTime":1735689600}},"TargetResource":{"Type":"ES","EsParam":{"Resource":"resource-0a1b2c3d","Index":"orders","DropInvalidMessage":true,"DropInvalidJsonMessage":false}},"Tags":[{"TagKey":"env","TagValue":"test"}]}"#;

fn call(headers: &[(&str, &str)], body: &str) -> Call {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        map.append(name, HeaderValue::from_str(value).unwrap());
    }
    Call {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        query: String::new(),
        headers: map,
        body: Bytes::copy_from_slice(body.as_bytes()),
    }
}

fn header(date: &str, names: &str, signature: &str) -> String {
    format!(
        "TC3-HMAC-SHA256 Credential={SECRET_ID}/{date}/ckafka/tc3_request, SignedHeaders={names}, Signature={signature}"
    )
}

#[test]
fn the_derived_keys_are_those_of_the_reference() {
    let day = hmac(format!("TC3{SECRET_KEY}").as_bytes(), "2025-01-01");
    let service = hmac(&day, "ckafka");
    let signing = hmac(&service, "tc3_request");
    assert_eq!(
        [day, service, signing].map(hex::encode),
        [
            "bab260d869841d72653ff27a738c7b63428c50f72b9add35352a98de5bfbcfb7",
            "39bdc9c763f62d65115e4e49dc1ec991d0bfa728cfb340622e8d1bcdb0329ed8",
            "9e3b9b186291d78c36c4eb51b139ecaae6d3992de758adb1a885f1821bed47b7",
        ]
    );
}

struct Vector<'a> {
    id: &'a str,
    date: &'a str,
    second: i64,
    host: &'a str,
    media: &'a str,
    names: &'a str,
    body: &'a str,
    hash: &'a str,
    signature: &'a str,
}

const V1: Vector<'_> = Vector {
    id: "V1",
    date: "2025-01-01",
    second: NEW_YEAR,
    host: HOST,
    media: JSON,
    names: "content-type;host",
    body: BODY,
    hash: "e29c996dbf762a9b22cba8e4708089ddc37be5f2edd5def866f73cd976ea724b",
    signature: "5aed246b368c087d18880ba26a4e6601e64d555d3249ce1f9b1b2d306e7d0c81",
};

const VECTORS: [Vector<'_>; 8] = [
    V1,
    Vector {
        id: "V2",
        media: "application/json; charset=utf-8",
        names: "content-type;host;x-tc-action",
        hash: "a12fe2c01eee9f2b7b721c6d500c9e6745efb0b5371f6beb3e980f21d0301f4b",
        signature: "1c847fba20dabf553a033bfe97cec752673cb2f377e93353a6880852fb46643d",
        ..V1
    },
    Vector {
        id: "V3",
        date: "2024-12-31",
        second: NEW_YEAR - 1,
        signature: "f2d391812203bf111eeaaf4719aa3329ed026a909e9e16d254739573035d9e91",
        ..V1
    },
    Vector {
        id: "V4",
        host: "127.0.0.1:8080",
        hash: "6f274187d70cdda9c3cb275c77374febf26fcce2d30b20740c96493c0a09b06a",
        signature: "dc07d0fca3fb89ca32e0044b48336c41b4aa0586245658657849ca5c44af06de",
        ..V1
    },
    Vector {
        id: "V5",
        body: "{}",
        hash: "4f2d69558970844f15cfabb32cd8802f77453408c62b281d4926e34a9d035167",
        signature: "b9aa43bf48c7bf63722477859883ffa034dbd8bd3313234b2b211365de0c6dfe",
        ..V1
    },
    Vector {
        id: "V6",
        body: r#"{"TaskId":"task-0a1b2c3d","Description":"订单入库"}"#,
        hash: "28be5d98e8409ba968ee8f0579f4bb48e37769e23fd587d0f2a73d42bb9219a4",
        signature: "7afd2dcc5be697ff8e6cc7f8a3c0000bba9db0192fbf5b89cac60aa32a12e998",
        ..V1
    },
    Vector {
        id: "V7",
        body: r#"{"TaskId": "task-0a1b2c3d"}"#,
        hash: "04502e78826ad6698b201ac934288cadd2d1069906bea2f3e5e521681c0722d1",
        signature: "20025f69ea9b551218a71eef718a07b8747ae12102683e809566cb59d4821822",
        ..V1
    },
    Vector {
        id: "V8",
        body: CREATE,
        hash: "9a3efd62f5499507e6a35e27a0aac0a0370c6915e8240b53638b5f5790c6ebe7",
        signature: "c1d37d6b001143954a8177fabf1bab90369051882fd4337866aa80c2bfe6c148",
        ..V1
    },
];

#[test]
fn every_vector_of_the_reference_holds_and_no_other_signature_does() {
    for vector in &VECTORS {
        let headers = [
            ("content-type", vector.media),
            ("host", vector.host),
            ("x-tc-action", "DescribeDatahubTask"),
            ("x-tc-token", "any"),
        ];
        let call = call(&headers, vector.body);
        let text = header(vector.date, vector.names, vector.signature);
        let authorization = Authorization::parse(&text).unwrap();
        let hashes = authorization.canonical(&call).map(|text| digest(text.as_bytes()));
        assert!(hashes.iter().any(|hash| hash == vector.hash), "{}", vector.id);
        assert!(
            authorization.holds(&call, SECRET_KEY, "ckafka", vector.second),
            "{}",
            vector.id
        );
        for (secret, service, second) in [
            ("SecretKeyExample00000000000000001", "ckafka", vector.second),
            (SECRET_KEY, "sts", vector.second),
            (SECRET_KEY, "ckafka", vector.second + 1),
            (SECRET_KEY, "ckafka", vector.second + 86_400),
        ] {
            assert!(
                !authorization.holds(&call, secret, service, second),
                "{}",
                vector.id
            );
        }
    }
}

#[test]
fn the_canonical_request_and_the_string_to_sign_are_those_of_the_reference() {
    let call = call(&[("content-type", JSON), ("host", HOST)], BODY);
    let text = header("2025-01-01", V1.names, V1.signature);
    let authorization = Authorization::parse(&text).unwrap();
    let [request, _] = authorization.canonical(&call);
    assert_eq!(
        request,
        "POST\n/\n\ncontent-type:application/json\nhost:ckafka.tencentcloudapi.com\n\ncontent-type;host\n\
         d996529bdbab4ea7f02b0b64312af9572b80e4c0ab2ca14632643235347dbd10"
    );
    assert_eq!(
        authorization.string_to_sign(NEW_YEAR, V1.hash),
        format!(
            "TC3-HMAC-SHA256\n1735689600\n2025-01-01/ckafka/tc3_request\n{}",
            V1.hash
        )
    );
}

#[test]
fn the_published_example_of_another_service_holds() {
    let text = "TC3-HMAC-SHA256 Credential=AKID/2019-02-25/cvm/tc3_request, \
                SignedHeaders=content-type;host;x-tc-action, Signature=0";
    let authorization = Authorization::parse(text).unwrap();
    let hash = "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84";
    let key = hex::decode("b596b923aad85185e2d1f6659d2a062e0a86731226e021e61bfe06f7ed05f5af").unwrap();
    let signature = hmac(&key, &authorization.string_to_sign(1_551_113_065, hash));
    assert_eq!(
        hex::encode(signature),
        "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
    );
}

#[test]
fn an_unsigned_payload_is_signed_as_that_word() {
    let headers = [
        ("content-type", JSON),
        ("host", HOST),
        ("x-tc-content-sha256", UNSIGNED),
    ];
    let text = header("2025-01-01", V1.names, "0");
    let authorization = Authorization::parse(&text).unwrap();
    let [one, _] = authorization.canonical(&call(&headers, BODY));
    let [other, _] = authorization.canonical(&call(&headers, "{}"));
    assert_eq!(one, other);
    assert!(one.ends_with(&digest(UNSIGNED.as_bytes())), "{one}");
}

#[test]
fn a_header_that_is_not_whole_is_not_read() {
    let whole = header("2025-01-01", V1.names, V1.signature);
    assert!(Authorization::parse(&whole).is_some());
    for (part, other) in [
        ("TC3-HMAC-SHA256", "TC3-HMAC-SHA512"),
        ("Credential=", "Access="),
        ("/tc3_request", ""),
        ("/tc3_request", "/tc3_request/more"),
        ("content-type;host", "host"),
        ("content-type;host", "content-type"),
        (", Signature=", ", Sign="),
    ] {
        assert!(
            Authorization::parse(&whole.replace(part, other)).is_none(),
            "{other}"
        );
    }
}
