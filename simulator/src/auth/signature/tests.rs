//! Worked vectors, computed with the official Python SDK.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::*;

const SECRET: &str = "SKexample/Secret+Key0000000000000000=001";
const EG: &str = "eg.cn-north-4.myhuaweicloud.com";
const PROJECT: &str = "0123456789abcdef0123456789abcdef";
const DATE: &str = "20260102T030405Z";

struct Vector<'a> {
    id: &'a str,
    request: (&'a str, &'a str, &'a str),
    headers: &'a [(&'a str, &'a str)],
    body: &'a [u8],
    signed: &'a str,
    hash: Option<&'a str>,
    signature: &'a str,
}

impl Vector<'_> {
    fn call(&self) -> Call {
        let mut headers = HeaderMap::new();
        let date = [("x-sdk-date", DATE)];
        for (name, value) in self.headers.iter().chain(&date) {
            let name: HeaderName = name.parse().unwrap();
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        Call {
            method: self.request.0.to_owned(),
            path: self.request.1.replace("{PID}", PROJECT),
            query: self.request.2.to_owned(),
            headers,
            body: Bytes::copy_from_slice(self.body),
        }
    }

    fn check(&self) {
        let call = self.call();
        let authorization = Authorization {
            access_key: "AK",
            signed_headers: self.signed,
            signature: self.signature,
        };
        let request = authorization.canonical(&call)[0].clone();
        if let Some(hash) = self.hash {
            assert_eq!(digest(request.as_bytes()), hash, "{}: {request}", self.id);
        }
        assert!(
            authorization.matches(SECRET, DATE, &request),
            "{}: {request}",
            self.id
        );
        let other = format!("{SECRET}x");
        assert!(!authorization.matches(&other, DATE, &request), "{}", self.id);
    }
}

const JSON: (&str, &str) = ("content-type", "application/json");
const HOST: (&str, &str) = ("host", EG);
const PID: (&str, &str) = ("x-project-id", PROJECT);
const AGENT: (&str, &str) = ("user-agent", "demo/1.0");
const CHANNELS: &str = "/v1/{PID}/channels";
const BODY: &[u8] = "{\"name\":\"orders\",\"description\":\"café\"}".as_bytes();

fn vectors() -> Vec<Vector<'static>> {
    let mut all = first_vectors();
    all.extend(last_vectors());
    all
}

fn first_vectors() -> Vec<Vector<'static>> {
    vec![
        Vector {
            id: "V1",
            request: ("GET", CHANNELS, ""),
            headers: &[HOST],
            body: b"",
            signed: "host;x-sdk-date",
            hash: Some("04f153b6cd50e39707506709bd0e49268464930313582dcd9f2d7ca3139b83f9"),
            signature: "0f09c95505700b9972f3b3da7e503f23e2f1abf64fec2021cadb03673bd010d8",
        },
        Vector {
            id: "V2",
            request: (
                "GET",
                CHANNELS,
                "offset=0&limit=10&name=a%20b%2Fc%2Bd~%C3%A9&sort=created_time%3ADESC&fuzzy=true",
            ),
            headers: &[HOST, JSON, PID],
            body: b"",
            signed: "content-type;host;x-project-id;x-sdk-date",
            hash: Some("82e988bc3c500621d453f863bafc56945f47d6c3875e7a872124d4e387b89d8e"),
            signature: "3201751a24ae387213e203d4c4755c24f8824c893b8fe86065fb0932e5c26fa6",
        },
        Vector {
            id: "V3",
            request: ("POST", CHANNELS, ""),
            headers: &[HOST, JSON, PID, AGENT],
            body: BODY,
            signed: "content-type;host;user-agent;x-project-id;x-sdk-date",
            hash: Some("75e38566511ae628375954376663618dcc3a0accd57bc5b9809d75eefa5faac7"),
            signature: "58c99ebc0c54796fe54994610636b3302100a7fc18769b771a44feb4e5cfd3ab",
        },
        Vector {
            id: "V4",
            request: ("DELETE", "/v1/{PID}/channels/ch-1", ""),
            headers: &[HOST, JSON, PID, ("x-security-token", "STexample-token/0001")],
            body: b"",
            signed: "content-type;host;x-project-id;x-sdk-date;x-security-token",
            hash: Some("dd3bc919ecdc995313c277912c1cb6ef17cad7e013d61e9c802983a6a5403cb8"),
            signature: "0ee13c397b225a8c6415cfb5dd665f96395fe6b8beff6800c42784d783bcfcbb",
        },
        Vector {
            id: "V5",
            request: ("POST", "/v1/{PID}/upload", ""),
            headers: &[
                HOST,
                ("content-type", "application/octet-stream"),
                PID,
                ("x-sdk-content-sha256", "UNSIGNED-PAYLOAD"),
            ],
            body: &[0, 1, 2],
            signed: "content-type;host;x-project-id;x-sdk-content-sha256;x-sdk-date",
            hash: Some("ae126069d06c9105f72c35198fbc2c20e0428be8ca140e8fd66a7059764255b3"),
            signature: "9333218c6058b1e2f5143c6ea5c738de3f4b411f61a82dd5b0ad9ca9fb23a875",
        },
        Vector {
            id: "V5b",
            request: ("POST", CHANNELS, ""),
            headers: &[HOST, JSON, PID, ("x-sdk-content-sha256", "UNSIGNED-PAYLOAD")],
            body: BODY,
            signed: "content-type;host;x-project-id;x-sdk-content-sha256;x-sdk-date",
            hash: Some("2553bfccf73f419be09b17eccdf91c4a4a29a5061d67f13ffbaa0255cfa59c34"),
            signature: "92509e7754dc87e7e5fe8f1cead471a730e9dde76ae1c88571f7755fb8a1b5a2",
        },
    ]
}

fn last_vectors() -> Vec<Vector<'static>> {
    vec![
        Vector {
            id: "V6",
            request: (
                "GET",
                "/v1.1/{PID}/clusters/cl-1/cdm/job/my%20job%3Aone%2Ftwo",
                "",
            ),
            headers: &[("host", "cdm.cn-north-4.myhuaweicloud.com"), PID],
            body: b"",
            signed: "host;x-project-id;x-sdk-date",
            hash: Some("254307c06bdd970180a2d34841ff933daa956b5e554cbbbe208630dddb731fbc"),
            signature: "178f5e8e067ee99be6a51b608c735cec6c9a869f0cc451caf6d0a645a051e2d1",
        },
        Vector {
            id: "V9",
            request: ("GET", "/v3/projects", "name=cn-north-4"),
            headers: &[
                ("host", "iam.myhuaweicloud.com"),
                ("x-domain-id", "d0000000000000000000000000000001"),
            ],
            body: b"",
            signed: "host;x-domain-id;x-sdk-date",
            hash: Some("36be315b4ebc8414ca5a69ce7f9de75e71241ea5cfe9c181e45f869f26cc970e"),
            signature: "5e05450c2146f96b74b097f0b276f648082565984b43c2f6c911c19625882cf5",
        },
        Vector {
            id: "V10",
            request: ("GET", CHANNELS, "A=3&a-b=1&aB=2&id=a&id=b"),
            headers: &[HOST, PID],
            body: b"",
            signed: "host;x-project-id;x-sdk-date",
            hash: Some("3ca9c137a224fcc7395bdf055e254771791afd2318a83b23afba790fcd1b8dfc"),
            signature: "3a2673013ae72403ddb3f68228eea74ee0140962e5cb485404bf0494e0c2136a",
        },
        Vector {
            id: "V11",
            request: ("GET", CHANNELS, ""),
            headers: &[HOST],
            body: b"",
            signed: "x-sdk-date",
            hash: None,
            signature: "15258dd119f7106091467319dc705c8aa483da753395bd7765dc7ca3db570abf",
        },
        Vector {
            id: "V12",
            request: ("GET", CHANNELS, ""),
            headers: &[HOST, PID],
            body: b"",
            signed: "x-project-id;x-sdk-date",
            hash: None,
            signature: "103e53325e51ab16598acb4e8308a9dc21e23d86c448b4396d89e07e4ec63356",
        },
        Vector {
            id: "V13",
            request: ("POST", CHANNELS, ""),
            headers: &[HOST, JSON, AGENT, ("accept", "application/json")],
            body: b"{\"name\":\"orders\"}\n",
            signed: "accept;content-type;user-agent;x-sdk-date",
            hash: None,
            signature: "32524afa740dc357628c4aea879560fc620bfb289a591a2db29238bf61ea0d13",
        },
    ]
}

#[test]
fn every_vector_verifies_and_no_vector_verifies_with_another_secret() {
    for vector in vectors() {
        vector.check();
    }
}

#[test]
fn a_date_out_of_the_window_is_stale() {
    let vectors = vectors();
    let call = vectors[0].call();
    let text = format!(
        "{ALGORITHM} Access=AK, SignedHeaders=host;x-sdk-date, Signature={}",
        vectors[0].signature
    );
    let authorization = Authorization::parse(&text).unwrap();
    let failed = authorization.verify(&call, SECRET, 900).unwrap_err();
    assert!(
        matches!(failed, Failed::Stale(text) if text.starts_with("signature expired, signature time:20260102T030405Z,server time:"))
    );
    assert!(authorization.verify(&call, SECRET, i64::MAX).is_ok());
}

#[test]
fn a_listed_header_that_is_absent_is_a_mismatch() {
    let vectors = vectors();
    let mut call = vectors[0].call();
    call.headers.remove("host");
    let text = format!(
        "{ALGORITHM} Access=AK, SignedHeaders=host;x-sdk-date, Signature={}",
        vectors[0].signature
    );
    let failed = Authorization::parse(&text)
        .unwrap()
        .verify(&call, SECRET, i64::MAX)
        .unwrap_err();
    assert!(matches!(failed, Failed::Mismatch(echo) if echo.starts_with("GET|/v1/")));
}
