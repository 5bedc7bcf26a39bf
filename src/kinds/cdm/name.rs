//! The vendor's rule for names of jobs and links. Pure.
use crate::engine::kind::Invalid;

/// The longest name.
const LONGEST: usize = 240;

/// The remote name: the one in the spec, else that of the object.
///
/// # Errors
/// When it breaks the vendor's rule, which admission holds too: an object may be older than the rule.
pub fn name(spec: Option<&str>, object: Option<&str>) -> Result<String, Invalid> {
    let (field, name) = match spec {
        Some(name) => ("forProvider.name", name),
        None => ("metadata.name", object.unwrap_or_default()),
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts_well && name.len() <= LONGEST && name.chars().all(legal) && name != "all" {
        return Ok(name.to_owned());
    }
    Err(Invalid {
        field: field.into(),
        message: "must start with a letter, hold only letters, digits, '_' and '-', be at most 240 long and not be all"
            .into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_object_serves_where_the_spec_has_none() {
        assert_eq!(name(Some("es_css"), Some("es-css")).unwrap(), "es_css");
        assert_eq!(name(None, Some("es-css")).unwrap(), "es-css");
    }

    #[test]
    fn a_name_that_the_vendor_refuses_is_refused() {
        let long = "a".repeat(241);
        for wrong in ["", "1a", "-a", "a.b", "a b", "all", "ä", &long] {
            assert_eq!(name(Some(wrong), None).unwrap_err().field, "forProvider.name");
        }
        assert_eq!(name(None, Some("all")).unwrap_err().field, "metadata.name");
    }
}
