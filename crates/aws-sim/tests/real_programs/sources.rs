//! Where sessions come from besides access keys, as the real AWS CLI and the newest botocore ask for them.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use holdfast_aws_sim::{Account, Role, Scenario, Service, Sim, Trust, User, allow};
use rstest::rstest;
use serde_json::{Value, json};

use crate::home::{Home, Ran, aws_cli, python, run};

const ACCOUNT: &str = "111122223333";
const ISSUER: &str = "https://tokens.example.com";
const ROLE: &str = "arn:aws:iam::111122223333:role/Worker";
const PERSON: &str = "arn:aws:sts::111122223333:assumed-role/Worker/jo";
const HOUR: Duration = Duration::from_secs(3600);

const CONFIG: &str = "\
[default]
region = us-east-1

[profile web]
region = us-east-1
role_arn = arn:aws:iam::111122223333:role/Worker
role_session_name = ci
web_identity_token_file = token

[profile instance]
region = us-east-1
role_arn = arn:aws:iam::111122223333:role/Target
credential_source = Ec2InstanceMetadata

[profile container]
region = us-east-1
role_arn = arn:aws:iam::111122223333:role/Target
credential_source = EcsContainer

[profile console]
region = us-east-1
login_session = arn:aws:sts::111122223333:assumed-role/Worker/jo
";

/// Asks STS who this is, as the profile that stands first among the arguments.
const WHO: &str = "\
import boto3, json, sys
print(json.dumps(boto3.Session(profile_name=sys.argv[1]).client('sts').get_caller_identity()['Arn']))
";

fn home() -> Home {
    let worker = Role::new("Worker", Trust::of_provider(ACCOUNT, ISSUER, "build-*"))
        .policy(allow(&["sts:AssumeRole"], &["*"]));
    let account = Account::new(ACCOUNT)
        .oidc_provider(ISSUER, "sts.amazonaws.com")
        .user(User::new("jo"))
        .role(worker)
        .role(Role::new("Target", Trust::of(ROLE)));
    let scenario = Scenario::new()
        .account(account)
        .instance_role(ROLE)
        .container_role(ROLE)
        .console_session(PERSON)
        .config(CONFIG);
    Home::new(Sim::start(scenario).unwrap())
}

/// A program that tells who a profile is.
#[derive(Clone, Copy, Debug)]
enum Program {
    AwsCli,
    Botocore,
}

impl Program {
    fn who(self, home: &Home, profile: &str, environment: &[(&'static str, String)]) -> Ran {
        let mut command = match self {
            Self::AwsCli => {
                let mut command = home.command(aws_cli());
                command.args(["sts", "get-caller-identity", "--query", "Arn"]);
                command.args(["--profile", profile]);
                command
            }
            Self::Botocore => {
                let mut command = home.command(python());
                command.args(["-c", WHO, profile]);
                command
            }
        };
        command.envs(environment.iter().cloned());
        run(&mut command)
    }
}

#[rstest]
fn a_token_file_opens_a_role(#[values(Program::AwsCli, Program::Botocore)] program: Program) {
    let home = home();
    let write = |subject: &str| {
        let token = home.sim.web_identity_token(ISSUER, subject, HOUR).unwrap();
        std::fs::write(home.path().join("token"), token.reveal()).unwrap();
    };
    write("build-7");
    let who = program.who(&home, "web", &[]).json();
    assert_eq!(who, "arn:aws:sts::111122223333:assumed-role/Worker/ci");
    write("somebody-else");
    std::fs::remove_dir_all(home.path().join(".aws/cli")).ok();
    let refused = program.who(&home, "web", &[]).failed();
    assert!(refused.contains("AccessDenied"), "{refused}");
}

#[rstest]
#[case("instance", Service::InstanceMetadata)]
#[case("container", Service::Container)]
fn a_machine_lends_its_role(
    #[values(Program::AwsCli, Program::Botocore)] program: Program,
    #[case] profile: &str,
    #[case] service: Service,
) {
    let home = home();
    let mut environment = home.sim.instance_env();
    environment.extend(home.sim.container_env());
    let who = program.who(&home, profile, &environment).json();
    let who = who.as_str().unwrap();
    assert!(
        who.starts_with("arn:aws:sts::111122223333:assumed-role/Target/"),
        "{who}"
    );
    let asked = home.sim.calls().matching(|call| call.service == service);
    assert!(
        asked.iter().all(|call| call.status == Some(200)),
        "{asked:#?}"
    );
    assert!(asked.iter().any(|call| call.operation == "GetCredentials"));
}

#[test]
fn botocore_renews_what_aws_login_left() {
    let home = home();
    let mut client = Client::start(&home);
    let url = client.ask(&json!({"do": "authorize"})).unwrap();
    let back = home.sim.console_login(&url, Some(PERSON)).unwrap();
    let (_, code) = back.split_once("code=").unwrap();
    let code = code.split('&').next().unwrap();
    let signed_in = client.ask(&json!({"do": "code", "code": code}));
    assert_eq!(signed_in.as_deref(), Ok(PERSON));
    let again = client
        .ask(&json!({"do": "code", "code": code}))
        .unwrap_err();
    assert!(again.contains("AccessDenied"), "{again}");
    assert_eq!(client.ask(&json!({"do": "who"})).as_deref(), Ok(PERSON));
    let grants: Vec<_> = home
        .sim
        .calls()
        .matching(|call| call.operation == "CreateOAuth2Token" && call.status == Some(200))
        .into_iter()
        .filter_map(|call| call.resource)
        .collect();
    assert_eq!(grants, ["authorization_code", "refresh_token"]);

    expire(home.path());
    home.sim.revoke_console_logins();
    let ended = client.ask(&json!({"do": "who"})).unwrap_err();
    assert!(ended.contains("LoginRefreshRequired"), "{ended}");
}

/// Makes the credentials in the cache look long over.
fn expire(home: &Path) {
    for file in std::fs::read_dir(home.join(".aws/login/cache")).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut token: Value = serde_json::from_str(&text).unwrap();
        token["accessToken"]["expiresAt"] = json!("2020-01-01T00:00:00Z");
        std::fs::write(path, token.to_string()).unwrap();
    }
}

/// botocore, told what to do line by line.
struct Client(Child);

impl Client {
    fn start(home: &Home) -> Self {
        let mut command: Command = home.command(python());
        command.args(["-c", include_str!("console_login.py")]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        Self(command.spawn().unwrap())
    }

    fn ask(&mut self, request: &Value) -> Result<String, String> {
        let stdin = self.0.stdin.as_mut().unwrap();
        writeln!(stdin, "{request}").unwrap();
        let mut line = String::new();
        let stdout = self.0.stdout.as_mut().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        match answer["ok"].as_str() {
            Some(text) => Ok(text.to_owned()),
            None => Err(answer["error"].as_str().unwrap().to_owned()),
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
