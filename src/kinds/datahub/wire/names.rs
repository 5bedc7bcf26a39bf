//! How the vendor's names of fields become ours: the first letter small, a leading acronym whole.

/// Names that begin with an acronym: ours, and the vendor's.
const ACRONYMS: [(&str, &str); 3] = [("sqlServerParam", "SQLServerParam"), ("smt", "SMT"), ("kv", "KV")];

/// The vendor's name of a field.
pub fn to_wire(name: &str) -> String {
    let known = ACRONYMS.iter().find(|(ours, _)| *ours == name);
    known.map_or_else(
        || with_first(name, |letter| letter.to_ascii_uppercase()),
        |(_, theirs)| (*theirs).to_owned(),
    )
}

/// Our name of a field.
pub fn from_wire(name: &str) -> String {
    let known = ACRONYMS.iter().find(|(_, theirs)| *theirs == name);
    known.map_or_else(
        || with_first(name, |letter| letter.to_ascii_lowercase()),
        |(ours, _)| (*ours).to_owned(),
    )
}

fn with_first(name: &str, change: impl Fn(char) -> char) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(change);
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("kafkaParam", "KafkaParam")]
    #[case("mySQLParam", "MySQLParam")]
    #[case("postgreSQLParam", "PostgreSQLParam")]
    #[case("mongoDBParam", "MongoDBParam")]
    #[case("mariaDBParam", "MariaDBParam")]
    #[case("sqlServerParam", "SQLServerParam")]
    #[case("esParam", "EsParam")]
    #[case("smt", "SMT")]
    #[case("kv", "KV")]
    #[case("dropClsOwneruin", "DropClsOwneruin")]
    fn names_go_and_come_back(#[case] ours: &str, #[case] theirs: &str) {
        assert_eq!(to_wire(ours), theirs);
        assert_eq!(from_wire(theirs), ours);
    }
}
