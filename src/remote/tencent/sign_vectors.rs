//! The signer against the vectors of the official SDK and of the vendor's own page.
use super::*;
use rstest::rstest;

const ID: &str = "AKIDEXAMPLE0000000000000000000000000";
const KEY: &str = "SecretKeyExample00000000000000000";
const NEW_YEAR: i64 = 1_735_689_600;
const JSON: (&str, &str) = ("Content-Type", "application/json");
const HOST: (&str, &str) = ("Host", "ckafka.tencentcloudapi.com");
const DESCRIBE: &str = r#"{"TaskId":"task-0a1b2c3d"}"#;
const CREATE: &str = r#"{"TaskName":"orders-to-es","TaskType":"SINK","SourceResource":{"Type":"KAFKA","KafkaParam":{"SelfBuilt":false,"Resource":"ckafka-0a1b2c3d","Topic":"orders","OffsetType":"timestamp","StartTime":1735689600}},"TargetResource":{"Type":"ES","EsParam":{"Resource":"resource-0a1b2c3d","Index":"orders","DropInvalidMessage":true,"DropInvalidJsonMessage":false}},"Tags":[{"TagKey":"env","TagValue":"test"}]}"#;

fn request<'a>(headers: &'a [(&'a str, &'a str)], body: &'a str) -> Unsigned<'a> {
    Unsigned {
        service: "ckafka",
        timestamp: NEW_YEAR,
        headers,
        body: body.as_bytes(),
    }
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

fn check(request: &Unsigned<'_>, canonical: &str, signature: &str) {
    let text = canonical_request(request);
    assert_eq!(digest(&text), canonical, "{text}");
    let header = authorization(request, &ID.into(), &KEY.into()).unwrap();
    assert_eq!(header.rsplit_once("Signature=").unwrap().1, signature);
}

#[test]
fn the_derived_key_is_the_documented_one() {
    let request = request(&[JSON, HOST], DESCRIBE);
    let key = signing_key(&request, &KEY.into()).unwrap();
    assert_eq!(
        hex::encode(key),
        "9e3b9b186291d78c36c4eb51b139ecaae6d3992de758adb1a885f1821bed47b7"
    );
}

#[test]
fn v1_in_every_step() {
    let headers = [JSON, HOST];
    let request = request(&headers, DESCRIBE);
    assert_eq!(
        canonical_request(&request),
        "POST\n/\n\ncontent-type:application/json\nhost:ckafka.tencentcloudapi.com\n\ncontent-type;host\n\
         d996529bdbab4ea7f02b0b64312af9572b80e4c0ab2ca14632643235347dbd10"
    );
    assert_eq!(
        string_to_sign(&request),
        "TC3-HMAC-SHA256\n1735689600\n2025-01-01/ckafka/tc3_request\n\
         e29c996dbf762a9b22cba8e4708089ddc37be5f2edd5def866f73cd976ea724b"
    );
    assert_eq!(
        authorization(&request, &ID.into(), &KEY.into()).unwrap(),
        "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE0000000000000000000000000/2025-01-01/ckafka/tc3_request, \
         SignedHeaders=content-type;host, Signature=5aed246b368c087d18880ba26a4e6601e64d555d3249ce1f9b1b2d306e7d0c81"
    );
}

#[test]
fn v2_with_a_charset_and_a_signed_action() {
    let headers = [
        ("Content-Type", "application/json; charset=utf-8"),
        HOST,
        ("X-TC-Action", "DescribeDatahubTask"),
    ];
    check(
        &request(&headers, DESCRIBE),
        "a12fe2c01eee9f2b7b721c6d500c9e6745efb0b5371f6beb3e980f21d0301f4b",
        "1c847fba20dabf553a033bfe97cec752673cb2f377e93353a6880852fb46643d",
    );
}

#[test]
fn v3_the_day_is_that_of_the_timestamp() {
    let headers = [JSON, HOST];
    let request = Unsigned {
        timestamp: NEW_YEAR - 1,
        ..request(&headers, DESCRIBE)
    };
    check(
        &request,
        "e29c996dbf762a9b22cba8e4708089ddc37be5f2edd5def866f73cd976ea724b",
        "f2d391812203bf111eeaaf4719aa3329ed026a909e9e16d254739573035d9e91",
    );
}

#[rstest]
#[case::v4_a_host_with_a_port(
    "127.0.0.1:8080",
    DESCRIBE,
    "6f274187d70cdda9c3cb275c77374febf26fcce2d30b20740c96493c0a09b06a",
    "dc07d0fca3fb89ca32e0044b48336c41b4aa0586245658657849ca5c44af06de"
)]
#[case::v5_an_empty_body(
    HOST.1,
    "{}",
    "4f2d69558970844f15cfabb32cd8802f77453408c62b281d4926e34a9d035167",
    "b9aa43bf48c7bf63722477859883ffa034dbd8bd3313234b2b211365de0c6dfe"
)]
#[case::v6_letters_beyond_ascii(
    HOST.1,
    r#"{"TaskId":"task-0a1b2c3d","Description":"订单入库"}"#,
    "28be5d98e8409ba968ee8f0579f4bb48e37769e23fd587d0f2a73d42bb9219a4",
    "7afd2dcc5be697ff8e6cc7f8a3c0000bba9db0192fbf5b89cac60aa32a12e998"
)]
#[case::v7_other_spacing(
    HOST.1,
    r#"{"TaskId": "task-0a1b2c3d"}"#,
    "04502e78826ad6698b201ac934288cadd2d1069906bea2f3e5e521681c0722d1",
    "20025f69ea9b551218a71eef718a07b8747ae12102683e809566cb59d4821822"
)]
#[case::v8_a_create(
    HOST.1,
    CREATE,
    "9a3efd62f5499507e6a35e27a0aac0a0370c6915e8240b53638b5f5790c6ebe7",
    "c1d37d6b001143954a8177fabf1bab90369051882fd4337866aa80c2bfe6c148"
)]
fn variants(#[case] host: &str, #[case] body: &str, #[case] canonical: &str, #[case] signature: &str) {
    check(&request(&[JSON, ("Host", host)], body), canonical, signature);
}

/// The vendor's example of another service: canonical request with three headers, and the last step from its key.
#[test]
fn the_vendors_published_example() {
    let headers = [
        ("Content-Type", "application/json; charset=utf-8"),
        ("Host", "cvm.tencentcloudapi.com"),
        ("X-TC-Action", "DescribeInstances"),
    ];
    let request = Unsigned {
        service: "cvm",
        timestamp: 1_551_113_065,
        headers: &headers,
        body: br#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#,
    };
    assert_eq!(
        digest(&canonical_request(&request)),
        "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84"
    );
    let key = hex::decode("b596b923aad85185e2d1f6659d2a062e0a86731226e021e61bfe06f7ed05f5af").unwrap();
    assert_eq!(
        hex::encode(hash(&key, string_to_sign(&request).as_bytes()).unwrap()),
        "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
    );
}
