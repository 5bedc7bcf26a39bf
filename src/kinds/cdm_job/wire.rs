//! The vendor's jobs and runs, as the pages `CreateJob`, `ShowJobs` and `ShowSubmissions` spell them, hyphens, underscores
//! and capitals as they come; shapes only.
mod answer;
mod request;

pub use answer::{Counters, JobInfo, JobPage, Submission, Submissions};
pub use request::{JobBody, JobsBody, StartBody};
