//! Configurations and their inputs as the service writes them, and error findings; shapes only.
pub mod answer;
pub mod request;
