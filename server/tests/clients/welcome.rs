//! The lines that the demo prints to be pasted.

use super::{printed, program};
use crate::process::Demo;

#[test]
fn every_line_of_the_welcome_works_when_pasted() {
    let demo = Demo::start();
    program("curl");
    let lines = demo.welcome.lines().filter(|line| line.trim_start().starts_with("curl "));
    let answers: Vec<String> = lines.map(|line| status_line(&paste(line))).collect();
    let (read, made) = ("HTTP/1.1 200 OK", "HTTP/1.1 201 Created");
    assert_eq!(answers, [read, made, read, read, read]);
}

fn paste(line: &str) -> String {
    printed(line, &program("bash").args(["-c", line]).output().unwrap())
}

fn status_line(answer: &str) -> String {
    answer.lines().next().unwrap_or_default().to_owned()
}
