//! Credentials as users give them, read and checked; they stay secret until they are used.
use secrecy::SecretString;
use std::collections::BTreeMap;
use thiserror::Error;

/// A vendor, as far as its credentials go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Huawei Cloud.
    HuaweiCloud,
    /// Tencent Cloud.
    TencentCloud,
}

/// Who calls.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// A key pair of Huawei Cloud.
    HuaweiKeys(HuaweiKeys),
    /// An IAM user of Huawei Cloud.
    HuaweiPassword(HuaweiPassword),
    /// A key pair of Tencent Cloud.
    TencentKeys(TencentKeys),
}

/// A key pair, permanent, or temporary with its token.
#[derive(Clone, Debug)]
pub struct HuaweiKeys {
    /// The access key id.
    pub access_key: SecretString,
    /// The secret access key.
    pub secret_key: SecretString,
    /// Goes with temporary keys.
    pub security_token: Option<SecretString>,
}

/// A user of an account.
#[derive(Clone, Debug)]
pub struct HuaweiPassword {
    /// The IAM user's name.
    pub user_name: String,
    /// The user's password.
    pub password: SecretString,
    /// The account that owns the user.
    pub domain_name: String,
}

/// A key pair, permanent, or temporary with its token.
#[derive(Clone, Debug)]
pub struct TencentKeys {
    /// The secret id.
    pub secret_id: SecretString,
    /// The secret key.
    pub secret_key: SecretString,
    /// Goes with temporary keys.
    pub token: Option<SecretString>,
}

/// Where an account's credentials come from.
#[derive(Clone, Debug)]
pub enum CredentialSource {
    /// Given by the user.
    Given(Credentials),
    /// The environment of this process.
    Environment,
    /// The metadata service of the machine this process runs on.
    InstanceMetadata,
    /// The identity that the cluster gives to this pod.
    PodIdentity,
}

/// Why a Secret holds no usable credentials.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CredentialsError {
    /// A key is missing, or holds nothing but blanks.
    #[error("the key {missing} is missing or empty; accepted are {accepted}")]
    Missing {
        /// The key.
        missing: &'static str,
        /// What a Secret may hold.
        accepted: &'static str,
    },
    /// A value cannot be used as what it is meant to be.
    #[error("the value of the key {key} holds characters that cannot stand there")]
    Unusable {
        /// The key.
        key: &'static str,
    },
}

const HUAWEI: &str =
    "accessKey and secretKey (and securityToken for temporary keys), or userName, password and domainName";
const TENCENT: &str = "secretId and secretKey (and token for temporary keys)";

impl Credentials {
    /// Reads the data of a Secret. Blanks around values are dropped: a line feed at the end of a key is the usual slip,
    /// and costs one of five attempts before the vendor locks the key.
    ///
    /// # Errors
    /// Names the first key that is missing and what is accepted.
    pub fn from_secret(
        provider: Provider,
        data: &BTreeMap<String, Vec<u8>>,
    ) -> Result<Self, CredentialsError> {
        match provider {
            Provider::HuaweiCloud => huawei(&Fields {
                data,
                accepted: HUAWEI,
            }),
            Provider::TencentCloud => tencent(&Fields {
                data,
                accepted: TENCENT,
            }),
        }
    }
}

fn huawei(fields: &Fields<'_>) -> Result<Credentials, CredentialsError> {
    let by_password = ["userName", "password", "domainName"]
        .iter()
        .any(|key| fields.has(key));
    let by_keys = ["accessKey", "secretKey", "securityToken"]
        .iter()
        .any(|key| fields.has(key));
    if by_password && !by_keys {
        return Ok(Credentials::HuaweiPassword(HuaweiPassword {
            user_name: fields.text("userName")?.to_owned(),
            password: fields.text("password")?.into(),
            domain_name: fields.text("domainName")?.to_owned(),
        }));
    }
    Ok(Credentials::HuaweiKeys(HuaweiKeys {
        access_key: fields.word("accessKey")?,
        secret_key: fields.word("secretKey")?,
        security_token: fields.optional("securityToken")?,
    }))
}

fn tencent(fields: &Fields<'_>) -> Result<Credentials, CredentialsError> {
    Ok(Credentials::TencentKeys(TencentKeys {
        secret_id: fields.word("secretId")?,
        secret_key: fields.word("secretKey")?,
        token: fields.optional("token")?,
    }))
}

struct Fields<'a> {
    data: &'a BTreeMap<String, Vec<u8>>,
    accepted: &'static str,
}

impl Fields<'_> {
    fn has(&self, key: &str) -> bool {
        self.data
            .get(key)
            .is_some_and(|value| !value.trim_ascii().is_empty())
    }

    fn text(&self, key: &'static str) -> Result<&str, CredentialsError> {
        let missing = CredentialsError::Missing {
            missing: key,
            accepted: self.accepted,
        };
        let value = self.data.get(key).ok_or(missing.clone())?;
        let value = std::str::from_utf8(value).map_err(|_| CredentialsError::Unusable { key })?;
        match value.trim() {
            "" => Err(missing),
            text => Ok(text),
        }
    }

    /// A text that can stand in a header.
    fn word(&self, key: &'static str) -> Result<SecretString, CredentialsError> {
        let text = self.text(key)?;
        if text.chars().all(|c| c.is_ascii_graphic()) {
            Ok(text.into())
        } else {
            Err(CredentialsError::Unusable { key })
        }
    }

    fn optional(&self, key: &'static str) -> Result<Option<SecretString>, CredentialsError> {
        self.has(key).then(|| self.word(key)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn read(provider: Provider, data: &[(&str, &str)]) -> Result<Credentials, CredentialsError> {
        let data = data
            .iter()
            .map(|(key, value)| ((*key).to_owned(), value.as_bytes().to_vec()))
            .collect();
        Credentials::from_secret(provider, &data)
    }

    fn missing(data: &[(&str, &str)]) -> String {
        read(Provider::HuaweiCloud, data).unwrap_err().to_string()
    }

    #[test]
    fn huawei_keys_are_read_and_trimmed() {
        let data = [
            ("accessKey", " AK\n"),
            ("secretKey", "SK\r\n"),
            ("securityToken", "\n"),
        ];
        let Ok(Credentials::HuaweiKeys(keys)) = read(Provider::HuaweiCloud, &data) else {
            panic!("no keys");
        };
        assert_eq!(keys.access_key.expose_secret(), "AK");
        assert_eq!(keys.secret_key.expose_secret(), "SK");
        assert!(keys.security_token.is_none());
    }

    #[test]
    fn a_huawei_password_is_read() {
        let data = [("userName", "u"), ("password", "p w\n"), ("domainName", "d")];
        let Ok(Credentials::HuaweiPassword(password)) = read(Provider::HuaweiCloud, &data) else {
            panic!("no password");
        };
        assert_eq!(
            (password.user_name.as_str(), password.domain_name.as_str()),
            ("u", "d")
        );
        assert_eq!(password.password.expose_secret(), "p w");
    }

    #[test]
    fn tencent_keys_are_read() {
        let data = [("secretId", "i"), ("secretKey", "k"), ("token", "t")];
        let Ok(Credentials::TencentKeys(keys)) = read(Provider::TencentCloud, &data) else {
            panic!("no keys");
        };
        assert_eq!(keys.secret_id.expose_secret(), "i");
        assert_eq!(keys.token.unwrap().expose_secret(), "t");
    }

    #[test]
    fn what_is_missing_is_named_with_what_is_accepted() {
        assert!(missing(&[]).starts_with("the key accessKey is missing"));
        assert!(missing(&[("accessKey", "a")]).starts_with("the key secretKey is missing"));
        assert!(missing(&[("accessKey", "a"), ("secretKey", "  ")]).contains("secretKey is missing"));
        assert!(missing(&[("userName", "u"), ("password", "p")]).contains("domainName is missing"));
        assert!(missing(&[]).contains("or userName, password and domainName"));
    }

    #[test]
    fn a_key_that_cannot_stand_in_a_header_is_refused_without_showing_it() {
        let error = missing(&[("accessKey", "a"), ("secretKey", "two words")]);
        assert!(error.contains("secretKey") && !error.contains("two words"));
    }

    #[test]
    fn nothing_is_printed() {
        let data = [
            ("accessKey", "AKVALUE"),
            ("secretKey", "SKVALUE"),
            ("securityToken", "STVALUE"),
        ];
        let shown = format!("{:?}", read(Provider::HuaweiCloud, &data).unwrap());
        assert!(!shown.contains("VALUE"), "{shown}");
    }
}
