//! The words of the switches of Cloud Data Migration, each beside its meaning.

use serde::{Deserialize, Serialize};

/// How a run ends.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome {
    /// `SUCCEEDED`.
    Succeed,
    /// `FAILED`.
    Fail,
    /// `FAILURE_ON_SUBMIT` in the answer to the start.
    FailOnSubmit,
    /// `UNKNOWN`.
    Unknown,
    /// It stays `BOOTING`.
    Hang,
    /// The job is gone when the run would end.
    Vanish,
}

/// An operation of the matrix.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum CdmAct {
    /// PUT of the job.
    Update,
    /// Start.
    Start,
    /// Stop.
    Stop,
    /// DELETE.
    Delete,
}

/// A state of the matrix.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum CdmColumn {
    /// Never ran.
    New,
    /// `PENDING`, `BOOTING` or `RUNNING`.
    Active,
    /// The last run has ended.
    Ended,
}

/// A switch of words; each word is written beside its meaning.
macro_rules! choice {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $word:ident),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub(crate) enum $name { $($(#[$meaning])* $word),+ }
    };
}

choice! {
    /// What a config without inputs holds.
    EmptyInputs {
        /// `[]`.
        Array,
        /// `{}`.
        Object,
    }
}
choice! {
    /// How the member for the user of the last change is spelt.
    LastUpdateUser {
        /// `last-udpate-user`.
        Misspelled,
        /// `last-update-user`.
        Correct,
        /// Both.
        Both,
    }
}
choice! {
    /// The answer to a delete of a missing job.
    MissingOnDelete {
        /// 500 with `errCode` and `externalMessage`.
        Short,
        /// 400 with all four members.
        Whole,
    }
}
choice! {
    /// The answer to an update of a missing job.
    MissingOnUpdate {
        /// `code` `Cdm.0095`, `errCode` `Cdm.00095`.
        Padded,
        /// Both `Cdm.0095`.
        Equal,
    }
}
choice! {
    /// The answer to a delete of a link that a job names.
    LinkInUse {
        /// 500 `Cdm.0021` with two members.
        Documented,
        /// 400 `Cdm.0321`.
        Catalogue,
    }
}
choice! {
    /// The answer to a create.
    CreateAnswer {
        /// `name` and `validation-result`.
        Whole,
        /// `name` alone.
        Name,
    }
}
choice! {
    /// The fourth member of an error that answers a create.
    CreateErrorTail {
        /// `externalMessage`.
        ExternalMessage,
        /// `ternalMessage`.
        TernalMessage,
    }
}
choice! {
    /// The answer to an update of a link.
    LinkUpdateAnswer {
        /// `{"validation-result": [{}]}`.
        List,
        /// `{"name": ..., "validation-result": {}}`.
        Object,
    }
}
choice! {
    /// The answer to a stop.
    StopAnswer {
        /// `{}`.
        Object,
        /// `submissions`, as a start answers.
        Submissions,
        /// `validation-result`.
        ValidationResult,
        /// No body.
        Empty,
    }
}
choice! {
    /// How values are written in answers.
    Encoding {
        /// Percent escapes, a space as `%20`.
        Percent,
        /// Percent escapes, a space as `+`.
        Form,
        /// As they are.
        Raw,
    }
}
choice! {
    /// What stands in place of a secret value.
    SecretEcho {
        /// No `value` at all.
        Omit,
        /// `Add password here`.
        Placeholder,
    }
}
choice! {
    /// Inputs that are answered unasked.
    AddedInputs {
        /// Those of a recent release.
        Recent,
        /// Those of an older release.
        Older,
        /// None.
        None,
    }
}
choice! {
    /// What an input left out of an update does.
    Merge {
        /// It falls back to its default.
        Replace,
        /// It stays.
        Merge,
    }
}
choice! {
    /// What a secret left out of a link's update does.
    OmittedSecret {
        /// The old one stays.
        Keep,
        /// It is missing.
        Clear,
    }
}
choice! {
    /// What the status of an ended run becomes by an update.
    StatusAfterUpdate {
        /// It stays.
        Keep,
        /// `NEW`.
        Reset,
    }
}
choice! {
    /// How far a run is.
    ProgressScale {
        /// 0 to 100.
        Percent,
        /// 0 to 1.
        Fraction,
    }
}
choice! {
    /// What submission ids count.
    SubmissionIds {
        /// The runs of a job.
        Job,
        /// The runs of all jobs.
        All,
    }
}
choice! {
    /// What the history of a deleted job answers.
    DeletedHistory {
        /// Its runs.
        Keep,
        /// As for a job that never was.
        Refuse,
    }
}
choice! {
    /// What happens to names that no page has.
    Strictness {
        /// They are left out of account.
        Ignore,
        /// They are refused.
        Refuse,
    }
}
choice! {
    /// The answer to a job that fails validation.
    Findings {
        /// 200 without `name`.
        Answer,
        /// 400 `Cdm.0018`.
        Refuse,
    }
}
choice! {
    /// The test of a link.
    LinkTest {
        /// It fails where the world says unreachable.
        World,
        /// It always fails.
        Fail,
        /// There is none.
        Skip,
    }
}
choice! {
    /// What a start does when the cluster runs as many tasks as it can.
    OverRunningTasks {
        /// 400 `Cdm.0070`.
        Refuse,
        /// The run waits in `PENDING`.
        Wait,
    }
}
