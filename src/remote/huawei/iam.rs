//! The identity service: tokens by password, the project of a region, and the account's id.
use super::HuaweiCloud;
use super::identity::{Proof, Token};
use super::site::Site;
use crate::remote::call::Call;
use crate::remote::credentials::HuaweiPassword;
use crate::remote::renewed::Fetched;
use crate::remote::{Fault, PathSegments, RemoteError, VendorError};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

const IAM: &str = "iam";
pub(super) const CREATE_TOKEN: &str = "KeystoneCreateUserTokenByPassword";
pub(super) const LIST_PROJECTS: &str = "KeystoneListProjects";
const LIST_OWN_PROJECTS: &str = "KeystoneListAuthProjects";
const LIST_DOMAINS: &str = "KeystoneListAuthDomains";
const SUBJECT_TOKEN: &str = "x-subject-token";
/// Taken for the life of a token whose description cannot be read; they live 24 hours.
const SHORT_LIFE: Duration = Duration::from_hours(1);

/// The project of a region.
#[derive(Clone, Debug)]
pub(super) struct Project {
    pub(super) id: String,
    pub(super) account_id: Option<String>,
}

#[derive(Deserialize)]
struct Issued {
    token: Description,
}

#[derive(Deserialize)]
struct Description {
    issued_at: Option<jiff::Timestamp>,
    expires_at: Option<jiff::Timestamp>,
    project: Option<Scope>,
    user: Option<Owner>,
}

#[derive(Deserialize)]
struct Scope {
    id: Option<String>,
}

#[derive(Deserialize)]
struct Owner {
    domain: Option<Scope>,
}

#[derive(Deserialize)]
struct Projects {
    projects: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    domain_id: Option<String>,
}

#[derive(Deserialize)]
struct Domains {
    domains: Vec<Domain>,
}

#[derive(Deserialize)]
struct Domain {
    id: String,
}

/// One login. Never repeated by itself: five wrong passwords lock the user.
pub(super) async fn create_token(
    site: &Site,
    password: &HuaweiPassword,
) -> Result<Fetched<Token>, RemoteError> {
    let project = match &site.project_id {
        Some(id) => json!({ "id": id }),
        None => json!({ "name": site.region }),
    };
    let body = json!({ "auth": {
        "identity": { "methods": ["password"], "password": { "user": {
            "name": password.user_name,
            "password": password.password.expose_secret(),
            "domain": { "name": password.domain_name } } } },
        "scope": { "project": project } } });
    let call = Call::read(IAM, CREATE_TOKEN, "POST", ["v3", "auth", "tokens"], unknown_scope)
        .query("nocatalog", "true")
        .hiding(password.password.clone())
        .json(&body)
        .map_err(|_| RemoteError::new(CREATE_TOKEN, Fault::Rejected, "the login cannot be written"))?;
    let errand = site.line.errand(&call, 0, Instant::now());
    let answer = site.send(errand, &call, None, None).await?;
    let value = answer
        .header(SUBJECT_TOKEN)
        .map(SecretString::from)
        .ok_or_else(|| RemoteError::new(CREATE_TOKEN, Fault::Malformed, "the answer holds no token"))?;
    Ok(described(value, &answer.body))
}

fn described(value: SecretString, body: &[u8]) -> Fetched<Token> {
    let description = serde_json::from_slice::<Issued>(body)
        .ok()
        .map(|issued| issued.token);
    let lifetime = description.as_ref().and_then(Description::lifetime);
    Fetched {
        lifetime: Some(lifetime.unwrap_or(SHORT_LIFE)),
        value: Token {
            value,
            account_id: description.as_ref().and_then(Description::account_id),
            project_id: description
                .and_then(|token| token.project)
                .and_then(|project| project.id),
        },
    }
}

impl Description {
    /// By the vendor's clock alone, so that ours may be wrong.
    fn lifetime(&self) -> Option<Duration> {
        Duration::try_from(self.expires_at?.duration_since(self.issued_at?)).ok()
    }

    fn account_id(&self) -> Option<String> {
        self.user.as_ref()?.domain.as_ref()?.id.clone()
    }
}

impl HuaweiCloud {
    /// The project that is named like the region.
    pub(super) async fn find_project(&self) -> Result<Fetched<Project>, RemoteError> {
        let known = self.scope_of_token().await?;
        let project = match known {
            Some(project) => project,
            None => self.listed_project().await?,
        };
        Ok(Fetched {
            value: project,
            lifetime: None,
        })
    }

    /// The account's id, asked for anew, which also proves the credentials.
    pub(super) async fn find_account(&self) -> Result<Option<String>, RemoteError> {
        let call = Call::read(
            IAM,
            LIST_DOMAINS,
            "GET",
            ["v3", "auth", "domains"],
            by_general_table,
        );
        let domains: Domains = self.call(call).await?.body;
        Ok(domains.domains.into_iter().next().map(|domain| domain.id))
    }

    /// A token is issued for the region's project by name, and its description says the id.
    async fn scope_of_token(&self) -> Result<Option<Project>, RemoteError> {
        let Some(Proof::Token(token)) = self.login().await? else {
            return Ok(None);
        };
        Ok(token.project_id.clone().map(|id| Project {
            id,
            account_id: token.account_id.clone(),
        }))
    }

    async fn listed_project(&self) -> Result<Project, RemoteError> {
        let region = self.site.region.clone();
        let by_name = Call::read(IAM, LIST_PROJECTS, "GET", ["v3", "projects"], by_general_table)
            .query("name", region.clone());
        let found = match self.projects(by_name).await {
            // The look-up needs a permission of its own; the list of what one may use does not.
            Err(error) if error.fault == Fault::Forbidden => None,
            outcome => outcome?,
        };
        if let Some(project) = found {
            return Ok(project);
        }
        let path: PathSegments = ["v3", "auth", "projects"].into();
        let own = Call::read(IAM, LIST_OWN_PROJECTS, "GET", path, by_general_table);
        self.projects(own).await?.ok_or_else(|| {
            let message = format!(
                "the credentials see no project of region {region}: name the project id, or enable the region"
            );
            RemoteError::new(LIST_OWN_PROJECTS, Fault::NotEnabled, message)
        })
    }

    async fn projects(&self, call: Call) -> Result<Option<Project>, RemoteError> {
        let operation = call.operation;
        let rows: Projects = self.call(call).await?.body;
        let mut named = rows
            .projects
            .into_iter()
            .filter(|row| row.name == self.site.region);
        let (first, second) = (named.next(), named.next());
        if second.is_some() {
            let message = "several projects are named like the region: name the project id";
            return Err(RemoteError::new(operation, Fault::Rejected, message));
        }
        Ok(first.map(|row| Project {
            id: row.id,
            account_id: row.domain_id,
        }))
    }
}

const fn by_general_table(_: &VendorError) -> Option<Fault> {
    None
}

/// A login for a project or account that does not exist.
fn unknown_scope(error: &VendorError) -> Option<Fault> {
    let general = error.code.as_deref().is_some_and(|code| code.starts_with("API"));
    (error.status == 404 && !general).then_some(Fault::Rejected)
}
