//! `holdfast keys`.

use crate::environment::Environment;
use crate::fake_agent::{Answer, FakeAgent, status};
use crate::terminal::OnTerminal;
use holdfast_agent_proto::view::KeyView;
use holdfast_agent_proto::{AgentError, ErrorCode, Reply, Request};
use secrecy::ExposeSecret;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const OTHER_ID: &str = "AKIAI44QH8DHBEXAMPLE";

type Held = Arc<Mutex<Vec<(String, String, String)>>>;

/// An agent with a keychain that remembers.
fn start(environment: &Environment, kind: &'static str) -> (FakeAgent, Held) {
    let held: Held = Arc::default();
    let keys = Arc::clone(&held);
    let agent = FakeAgent::start(environment, move |request| {
        let mut keys = keys.lock().unwrap();
        match request {
            Request::Status => {
                let mut view = status();
                view.keychain.kind = kind.to_owned();
                Answer::Reply(Reply::Status(view))
            }
            Request::AddKey {
                profile,
                access_key_id,
                secret_access_key,
                replace,
            } => {
                let place = keys.iter().position(|(held, ..)| held == profile);
                match place {
                    Some(at) if keys[at].1 != *access_key_id && !replace => {
                        let message =
                            format!("the keychain holds another key for profile {profile}");
                        return Answer::Error(AgentError::new(ErrorCode::Exists, message));
                    }
                    Some(at) => drop(keys.remove(at)),
                    None => {}
                }
                let secret = secret_access_key.expose_secret().to_owned();
                keys.push((profile.clone(), access_key_id.clone(), secret));
                Answer::Reply(Reply::Done)
            }
            Request::ListKeys => Answer::Reply(Reply::Keys {
                keys: keys
                    .iter()
                    .map(|(profile, id, _)| KeyView {
                        profile: profile.clone(),
                        access_key_id: id.clone(),
                    })
                    .collect(),
            }),
            Request::RemoveKey { profile } => {
                keys.retain(|(held, ..)| held != profile);
                Answer::Reply(Reply::Done)
            }
            _ => Answer::Error(AgentError::new(ErrorCode::BadRequest, "not expected")),
        }
    });
    (agent, held)
}

fn entry(profile: &str, id: &str, secret: &str) -> (String, String, String) {
    (profile.to_owned(), id.to_owned(), secret.to_owned())
}

const CREDENTIALS: &str = "\
# mine
[MyRepositoryUser]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY

[session]
aws_access_key_id = ASIAIOSFODNN7EXAMPLE
aws_secret_access_key = temporary
aws_session_token = token
";

#[test]
fn two_lines_on_standard_input_are_a_key() {
    let environment = Environment::new();
    let (_agent, held) = start(&environment, "os");
    let ran = environment.run_with_input(&["keys", "add", "dev"], &format!("{ID}\n{SECRET}\n"));
    assert_eq!(
        ran.stdout(),
        format!("The keychain holds {ID} for dev now.\n")
    );
    assert_eq!(*held.lock().unwrap(), [entry("dev", ID, SECRET)]);
}

#[test]
fn what_the_aws_cli_prints_is_a_key() {
    let environment = Environment::new();
    let (_agent, held) = start(&environment, "os");
    let json = format!(
        r#"{{"AccessKey": {{"UserName": "u", "AccessKeyId": "{ID}", "SecretAccessKey": "{SECRET}"}}}}"#
    );
    assert_eq!(
        environment
            .run_with_input(&["keys", "add", "dev"], &json)
            .status,
        0
    );
    assert_eq!(*held.lock().unwrap(), [entry("dev", ID, SECRET)]);
}

#[test]
fn the_terminal_does_not_show_the_secret() {
    let environment = Environment::new();
    let (_agent, held) = start(&environment, "os");
    let mut run = OnTerminal::start(&environment, &["keys", "add", "dev"]);
    run.expect("Access key ID: ")
        .enter(&format!("{ID}\n"))
        .expect("Secret access key (not shown): ")
        .enter(&format!("{SECRET}\r"));
    let (status, shown) = run.end();
    assert_eq!((status, shown.contains(SECRET)), (0, false), "{shown}");
    assert_eq!(*held.lock().unwrap(), [entry("dev", ID, SECRET)]);
}

#[test]
fn another_key_is_replaced_only_when_asked() {
    let environment = Environment::new();
    let (_agent, held) = start(&environment, "os");
    held.lock().unwrap().push(entry("dev", OTHER_ID, "x"));
    let input = format!("{ID}\n{SECRET}\n");
    environment
        .run_with_input(&["keys", "add", "dev"], &input)
        .fails(
            1,
            "holdfast: the keychain holds another key for profile dev\n\
         hint: to see it, run: holdfast keys list\n\
         hint: to replace it, run the same command with --replace\n",
        );
    let ran = environment.run_with_input(&["keys", "add", "dev", "--replace"], &input);
    assert_eq!(ran.status, 0);
    assert_eq!(*held.lock().unwrap(), [entry("dev", ID, SECRET)]);
}

#[test]
fn bad_input_is_refused_without_being_repeated() {
    let environment = Environment::new();
    let (agent, _) = start(&environment, "os");
    let ran = environment.run_with_input(&["keys", "add", "dev"], &format!("{SECRET}\n{ID}\n"));
    assert_eq!(ran.status, 2);
    assert!(!ran.stderr.contains(SECRET), "{ran:?}");
    assert!(agent.seen().is_empty());
}

#[test]
fn keys_are_listed_and_removed() {
    let environment = Environment::new();
    let (_agent, held) = start(&environment, "os");
    assert_eq!(
        environment.run(&["keys", "list"]).stdout(),
        "The keychain holds no access key. To add one, run: holdfast keys add PROFILE\n"
    );
    held.lock().unwrap().push(entry("dev", ID, SECRET));
    assert_eq!(
        environment.run(&["keys", "list"]).stdout(),
        "PROFILE  ACCESS KEY ID\ndev      AKIAIOSFODNN7EXAMPLE\n"
    );
    assert_eq!(
        environment.run(&["keys", "list", "--json"]).stdout(),
        "{\n  \"keys\": [\n    {\n      \"profile\": \"dev\",\n      \"access_key_id\": \"AKIAIOSFODNN7EXAMPLE\"\n    }\n  ]\n}\n"
    );
    environment.run(&["keys", "remove", "dev"]).fails(
        3,
        "holdfast: a confirmation is needed, and there is no terminal to ask on\n\
         hint: look at the change, then run the same command with --yes\n",
    );
    assert_eq!(held.lock().unwrap().len(), 1);

    let mut run = OnTerminal::start(&environment, &["keys", "remove", "dev"]);
    run.expect("[y/N] ")
        .enter("\n")
        .expect("nothing was changed");
    assert_eq!(run.end().0, 1);
    assert_eq!(held.lock().unwrap().len(), 1);

    assert_eq!(
        environment.run(&["keys", "remove", "dev", "--yes"]).status,
        0
    );
    assert!(held.lock().unwrap().is_empty());
}

#[test]
fn importing_alone_leaves_the_files_as_they_are() {
    let environment = Environment::new();
    environment.write(".aws/credentials", CREDENTIALS);
    let (_agent, held) = start(&environment, "os");
    let shown = environment.run(&["keys", "import"]).stdout();
    assert_eq!(
        environment.normalise(&shown),
        "session: temporary credentials, which end by themselves; left where they are.\n\
         AKIAIOSFODNN7EXAMPLE of MyRepositoryUser is in the keychain.\n\
         The plaintext is still in [HOME]/.aws/credentials. To remove it, run: holdfast keys import --remove-plaintext\n"
    );
    assert_eq!(
        *held.lock().unwrap(),
        [entry("MyRepositoryUser", ID, SECRET)]
    );
    assert_eq!(environment.read(".aws/credentials"), CREDENTIALS);
    assert_eq!(environment.names(".aws"), ["credentials"]);
}

#[test]
fn removing_shows_the_change_and_asks_first() {
    let environment = Environment::new();
    let path = environment.write(".aws/credentials", CREDENTIALS);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let (_agent, _) = start(&environment, "os");
    let arguments = ["keys", "import", "--remove-plaintext"];

    let mut run = OnTerminal::start(&environment, &arguments);
    run.expect("-aws_access_key_id = AKIAIOSFODNN7EXAMPLE")
        .expect("-aws_secret_access_key = ****")
        .expect("Remove these keys from the file? [y/N] ")
        .enter("n\n");
    assert_eq!(run.end().0, 1);
    assert_eq!(environment.read(".aws/credentials"), CREDENTIALS);

    let mut run = OnTerminal::start(&environment, &arguments);
    run.expect("[y/N] ")
        .enter("y\n")
        .expect("with the secrets masked.");
    let (status, _) = run.end();
    assert_eq!(status, 0);
    assert_eq!(
        environment.read(".aws/credentials"),
        CREDENTIALS.replace(
            "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n\
             aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
            ""
        )
    );
    let names = environment.names(".aws");
    assert_eq!(names.len(), 2, "{names:?}");
    for name in names {
        let text = environment.read(&format!(".aws/{name}"));
        assert!(!text.contains(SECRET), "{name}");
        let mode = environment
            .at(&format!(".aws/{name}"))
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_backup_with_secrets_is_named_for_deletion() {
    let environment = Environment::new();
    environment.write(".aws/credentials", CREDENTIALS);
    let (_agent, _) = start(&environment, "os");
    let arguments = [
        "keys",
        "import",
        "--remove-plaintext",
        "--backup-secrets",
        "--yes",
    ];
    let shown = environment.run(&arguments).stdout();
    assert!(
        shown.contains("still holds the keys in plaintext. When all works, delete it: rm /"),
        "{shown}"
    );
    assert!(!shown.contains(SECRET), "{shown}");
    let backup = environment
        .names(".aws")
        .into_iter()
        .find(|name| name.contains("backup"));
    let backup = environment.read(&format!(".aws/{}", backup.unwrap()));
    assert_eq!(backup, CREDENTIALS);
}

#[test]
fn no_backup_is_kept_when_none_is_wanted() {
    let environment = Environment::new();
    environment.write(".aws/credentials", CREDENTIALS);
    let (_agent, _) = start(&environment, "os");
    let arguments = [
        "keys",
        "import",
        "--remove-plaintext",
        "--no-backup",
        "--yes",
    ];
    environment.run(&arguments).stdout();
    assert_eq!(environment.names(".aws"), ["credentials"]);
}

#[test]
fn keys_of_the_config_file_are_taken_as_well() {
    let environment = Environment::new();
    environment.write(
        ".aws/credentials",
        &format!("[a]\naws_access_key_id={ID}\naws_secret_access_key={SECRET}\n"),
    );
    environment.write(
        ".aws/config",
        &format!(
            "[profile a]\nregion = eu-west-1\naws_access_key_id = {OTHER_ID}\naws_secret_access_key = other\n\
             [profile b]\naws_access_key_id = {OTHER_ID}\naws_secret_access_key = {SECRET}\n"
        ),
    );
    let (_agent, held) = start(&environment, "file");
    let ran = environment.run(&["keys", "import", "--remove-plaintext", "--yes"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(
        *held.lock().unwrap(),
        [entry("a", ID, SECRET), entry("b", OTHER_ID, SECRET)]
    );
    assert_eq!(environment.read(".aws/credentials"), "[a]\n");
    // A different key of the same profile, which no program uses, is not ours to remove.
    assert_eq!(
        environment.read(".aws/config"),
        format!(
            "[profile a]\nregion = eu-west-1\naws_access_key_id = {OTHER_ID}\naws_secret_access_key = other\n[profile b]\n"
        )
    );
}

#[test]
fn nothing_is_removed_that_the_keychain_does_not_show_or_keep() {
    let environment = Environment::new();
    environment.write(".aws/credentials", CREDENTIALS);
    let _agent = FakeAgent::start(&environment, |request| match request {
        Request::Status => Answer::Reply(Reply::Status(status())),
        Request::ListKeys => Answer::Reply(Reply::Keys { keys: Vec::new() }),
        _ => Answer::Reply(Reply::Done),
    });
    let ran = environment.run(&["keys", "import", "--remove-plaintext", "--yes"]);
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("no file was changed"), "{ran:?}");
    assert_eq!(environment.read(".aws/credentials"), CREDENTIALS);

    let environment = Environment::new();
    environment.write(".aws/credentials", CREDENTIALS);
    let (_agent, _) = start(&environment, "memory");
    let ran = environment.run(&["keys", "import", "--remove-plaintext", "--yes"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("in memory only"), "{ran:?}");
    assert_eq!(environment.read(".aws/credentials"), CREDENTIALS);
}

#[test]
fn the_file_of_the_console_is_imported_and_deleted() {
    let environment = Environment::new();
    let file = environment.write(
        "accessKeys.csv",
        &format!("\u{feff}Access key ID,Secret access key\r\n{ID},{SECRET}\r\n"),
    );
    let file = file.to_str().unwrap();
    let (_agent, held) = start(&environment, "os");
    let ran = environment.run(&["keys", "import", "--from", file]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("does not say which profile"), "{ran:?}");

    assert_eq!(
        environment
            .run(&["keys", "import", "--from", file, "dev"])
            .status,
        0
    );
    assert_eq!(*held.lock().unwrap(), [entry("dev", ID, SECRET)]);
    assert!(environment.at("accessKeys.csv").exists());

    let arguments = [
        "keys",
        "import",
        "--from",
        file,
        "dev",
        "--remove-plaintext",
        "--yes",
    ];
    assert_eq!(environment.run(&arguments).status, 0);
    assert!(!environment.at("accessKeys.csv").exists());
}

#[test]
fn profiles_and_files_that_are_not_there_are_named() {
    let environment = Environment::new();
    environment.write(".aws/credentials", CREDENTIALS);
    let (_agent, _) = start(&environment, "os");
    let ran = environment.run(&["keys", "import", "nobody"]);
    assert_eq!(ran.status, 2);
    assert!(
        ran.stderr
            .starts_with("holdfast: profile nobody has no access key in "),
        "{ran:?}"
    );
    environment
        .run(&["keys", "import", "--from", "/no/such/file"])
        .fails(
            1,
            "holdfast: cannot read /no/such/file: No such file or directory (os error 2)\n",
        );
}
