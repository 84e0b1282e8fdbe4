//! The Holdfast agent: owns every secret, timer and call to AWS.
