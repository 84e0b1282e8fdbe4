//! Lossless model of the AWS shared config and credentials files.
