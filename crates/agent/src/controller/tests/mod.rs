//! The controller from request to answer, with a small AWS in memory and real files.

mod aws;
mod desk;
mod discovery;
mod machine;
mod refresh;
mod repositories;
mod sign_in;
mod sources;
mod which_profile;
