//! Where sessions come from besides access keys, as the real AWS CLI and the newest botocore ask for them.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use holdfast_aws_sim::sources::{
    CONSOLE_PROFILE, CONTAINER_PROFILE, INSTANCE_PROFILE, ISSUER, PERSON, WEB_PROFILE,
};
use holdfast_aws_sim::{Scenario, Service, Sim};
use rstest::rstest;
use serde_json::{Value, json};

use crate::home::{Home, Ran, aws_cli, python, run};

const HOUR: Duration = Duration::from_secs(3600);

/// Asks STS who this is, as the profile that stands first among the arguments.
const WHO: &str = "\
import boto3, json, sys
print(json.dumps(boto3.Session(profile_name=sys.argv[1]).client('sts').get_caller_identity()['Arn']))
";

fn home() -> Home {
    Home::new(Sim::start(Scenario::sources()).unwrap())
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
    let who = program.who(&home, WEB_PROFILE, &[]).json();
    assert_eq!(who, "arn:aws:sts::111122223333:assumed-role/Worker/ci");
    let stranger = home.sim.web_identity_token(ISSUER, "somebody-else", HOUR);
    std::fs::write(home.sim.web_identity_path(), stranger.unwrap().reveal()).unwrap();
    std::fs::remove_dir_all(home.path().join(".aws/cli")).ok();
    let refused = program.who(&home, WEB_PROFILE, &[]).failed();
    assert!(refused.contains("AccessDenied"), "{refused}");
}

#[rstest]
#[case(INSTANCE_PROFILE, Service::InstanceMetadata)]
#[case(CONTAINER_PROFILE, Service::Container)]
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
        command.args(["-c", include_str!("console_login.py"), CONSOLE_PROFILE]);
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
