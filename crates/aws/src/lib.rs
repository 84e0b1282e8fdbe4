//! AWS calls of the Holdfast agent, made with the AWS SDK.
