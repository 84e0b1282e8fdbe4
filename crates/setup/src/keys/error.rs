//! Why something is not an access key. No message repeats what was read.

/// Why something is not an access key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is nothing.
    #[error("{from} is empty")]
    Empty {
        /// Where was read, such as `standard input` or `the clipboard`.
        from: String,
    },
    /// There is too much for one key.
    #[error("{from} holds more than an access key")]
    TooMuch {
        /// Where was read.
        from: String,
    },
    /// None of the forms fits.
    #[error("{from} has to hold the access key id on one line and the secret on the next")]
    NotAKey {
        /// Where was read.
        from: String,
    },
    /// It starts like JSON and is not what the AWS CLI prints.
    #[error("{from} is not what `aws iam create-access-key --output json` prints")]
    NotJson {
        /// Where was read.
        from: String,
    },
    /// One of the two settings is missing.
    #[error("{from} has no {name}")]
    MissingSetting {
        /// Where was read.
        from: String,
        /// Name of the setting.
        name: &'static str,
    },
    /// A CSV file without one of the two columns.
    #[error("{from} has no column `{column}`, so it is not the accessKeys.csv of the AWS console")]
    MissingColumn {
        /// Name of the file.
        from: String,
        /// Name of the column.
        column: &'static str,
    },
    /// A row ends before the columns of the key.
    #[error("line {line} of {from} has too few columns")]
    ShortRow {
        /// Name of the file.
        from: String,
        /// The line, counted from 1.
        line: usize,
    },
    /// There is a heading and nothing below it, or more than one key.
    #[error("{from} has to hold exactly one access key")]
    NotOneKey {
        /// Name of the file.
        from: String,
    },
    /// It is not text.
    #[error("{from} cannot be read as text")]
    NotText {
        /// Where was read.
        from: String,
    },
    /// The id is none.
    #[error(
        "the access key id has not the form of one, which is 20 letters and digits such as AKIA…"
    )]
    IdForm,
    /// The key ends by itself.
    #[error(
        "the access key id is of temporary credentials, which end by themselves and are not stored"
    )]
    Temporary,
    /// There is no secret.
    #[error("the secret access key is empty")]
    SecretEmpty,
    /// The secret is none.
    #[error("the secret access key has characters that no key has")]
    SecretForm,
}
