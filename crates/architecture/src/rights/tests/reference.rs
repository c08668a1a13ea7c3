//! A slow and obvious evaluation of single requests, against which the fast one is
//! held on generated policies: what it leaves takes in every request that is
//! allowed, and each piece that it leaves holds a request that is.

use underbelly_expression::Guard;

use super::super::left::{self, Left};
use super::super::limits::Limits;
use super::super::pattern::Pattern;
use super::super::policy::{self, Effect};
use super::super::sources::{self, Document};
use super::super::testing::{component, draw};
use crate::worlds::World;

/// A statement as it was generated.
#[derive(Clone, Debug)]
struct Said {
    allows: bool,
    but_actions: bool,
    actions: Vec<&'static str>,
    but_resources: bool,
    resources: Vec<&'static str>,
    /// Whether it holds for the team `x` only.
    conditional: bool,
}

/// One request, in or outside the team.
struct Request<'r> {
    action: &'r str,
    resource: &'r str,
    in_team: bool,
}

const ACTIONS: &[&str] = &[
    "*",
    "s3:*",
    "s3:Get*",
    "s3:*Object",
    "s3:PutObject",
    "S3:getobject",
    "s3:ListBucket",
    "sqs:*",
    "sqs:SendMessage",
    "dynamodb:*Item",
    "dynamodb:GetItem",
];

const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::a*",
    "arn:aws:s3:::*z",
    "arn:aws:s3:::a*z",
    "arn:aws:s3:::ab",
    "arn:aws:s3:::a?",
    "arn:aws:s3:::?",
    "arn:aws:s3:::b*",
    "arn:aws:sqs:*:1:jobs",
];

const ASKED: &[&str] = &[
    "s3:GetObject",
    "s3:GetObjectTagging",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:ListBucket",
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "lambda:InvokeFunction",
];

/// Every name of up to three letters, and some that no pattern was made for.
fn resources() -> Vec<String> {
    let mut names = vec![String::new()];
    let mut last = names.clone();
    for _ in 0..3 {
        let longer = last.iter().flat_map(|name| {
            let letters = ['a', 'b', 'z', 'q'].into_iter();
            letters.map(move |letter| format!("{name}{letter}"))
        });
        last = longer.collect();
        names.extend(last.iter().cloned());
    }
    let mut all: Vec<String> = names.iter().map(|n| format!("arn:aws:s3:::{n}")).collect();
    all.push("arn:aws:s3:::abcdefghz".to_owned());
    all.push("arn:aws:sqs:eu-west-1:1:jobs".to_owned());
    all.push("arn:aws:sqs:eu-west-1:2:jobs".to_owned());
    all.push("arn:aws:dynamodb:eu-west-1:1:table/t".to_owned());
    all
}

fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|at| glob(rest, &text[at..])),
        Some((b'?', rest)) => !text.is_empty() && glob(rest, &text[1..]),
        Some((letter, rest)) => text.first() == Some(letter) && glob(rest, &text[1..]),
    }
}

impl Said {
    fn matches(&self, request: &Request<'_>) -> bool {
        let action = request.action.to_ascii_lowercase();
        let mut actions = self.actions.iter();
        let names_action =
            actions.any(|own| glob(own.to_ascii_lowercase().as_bytes(), action.as_bytes()));
        let mut resources = self.resources.iter();
        let names_resource = resources.any(|own| glob(own.as_bytes(), request.resource.as_bytes()));
        names_action != self.but_actions
            && names_resource != self.but_resources
            && (request.in_team || !self.conditional)
    }

    fn written(&self) -> String {
        let list = |texts: &[&str]| {
            let quoted = texts.iter().map(|text| format!("'{text}'"));
            format!("[{}]", quoted.collect::<Vec<_>>().join(", "))
        };
        let not = |but: bool| if but { "Not" } else { "" };
        format!(
            "{{Effect: {}, {}Action: {}, {}Resource: {}{}}}",
            if self.allows { "Allow" } else { "Deny" },
            not(self.but_actions),
            list(&self.actions),
            not(self.but_resources),
            list(&self.resources),
            match self.conditional {
                true => ", Condition: {StringEquals: {'aws:PrincipalTag/team': x}}",
                false => "",
            }
        )
    }
}

fn is_allowed(own: &[Said], boundary: Option<&[Said]>, request: &Request<'_>) -> bool {
    let says = |all: &[Said], allows: bool| {
        let mut all = all.iter().filter(|one| one.allows == allows);
        all.any(|one| one.matches(request))
    };
    let passes = |all: &[Said]| says(all, true) && !says(all, false);
    passes(own) && boundary.is_none_or(passes)
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % most
    }

    fn some(&mut self, of: &[&'static str]) -> Vec<&'static str> {
        let n = 1 + self.below(2);
        (0..n).map(|_| of[self.below(of.len())]).collect()
    }

    fn said(&mut self, allows: bool) -> Said {
        Said {
            allows,
            but_actions: self.below(5) == 0,
            actions: self.some(ACTIONS),
            but_resources: self.below(5) == 0,
            resources: self.some(RESOURCES),
            conditional: false,
        }
    }

    fn policy(&mut self) -> Vec<Said> {
        let mut said = vec![self.said(true)];
        for _ in 0..self.below(4) {
            let allows = self.below(3) == 0;
            said.push(self.said(allows));
        }
        said
    }
}

/// What the fast evaluation leaves of each Allow of the role.
fn fast(template: &str) -> Vec<Left> {
    draw(template, |draft| {
        let role = component(draft, "Run");
        let policies = sources::by_role(draft).remove(&role).unwrap();
        let limits = Limits::of(draft, &policies);
        let mut all = Vec::new();
        for source in &policies.sources {
            let Document::Written(document) = &source.document else {
                continue;
            };
            for statement in policy::statements(document).0 {
                assert_eq!(statement.guard, Guard::always());
                let statement = policy::read(statement.fact);
                if statement.effect == Effect::Allow {
                    all.push(left::left(draft, &statement, &limits, &World::new()));
                }
            }
        }
        all
    })
}

fn check(own: &[Said], boundary: Option<&[Said]>, resources: &[String]) {
    let written = |all: &[Said]| all.iter().map(Said::written).collect::<Vec<_>>();
    let mut policies =
        super::grants::statements(&written(own).iter().map(String::as_str).collect::<Vec<_>>());
    let mut others = String::new();
    if let Some(boundary) = boundary {
        policies.push_str("PermissionsBoundary: !Ref Cap\n");
        others = format!(
            "Cap: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {{Statement: [{}]}}}}}}",
            written(boundary).join(", ")
        );
    }
    let shown = format!("{policies}{others}");
    let left = fast(&super::grants::template("", &policies, &others));
    let all = own.iter().chain(boundary.into_iter().flatten());
    let is_conditional = all.clone().any(|said| said.conditional);
    let mut found: Vec<Vec<[bool; 2]>> = left
        .iter()
        .map(|left| vec![[false; 2]; left.pieces.len()])
        .collect();
    for action in ASKED {
        let asked = Pattern::literal(action);
        for resource in resources {
            let allowed = [false, true].map(|in_team| {
                let request = Request {
                    action,
                    resource,
                    in_team,
                };
                is_allowed(own, boundary, &request)
            });
            if allowed == [false; 2] {
                continue;
            }
            let named = Pattern::address(&underbelly_expression::Text::literal(&**resource));
            let mut taken_in = false;
            for (left, found) in left.iter().zip(&mut found) {
                for (piece, found) in left.pieces.iter().zip(found) {
                    let on = piece.on.iter().any(|one| one.pattern.covers(&named));
                    if on && piece.actions.covers(&asked) {
                        taken_in = true;
                        found[0] |= allowed[0] || allowed[1];
                        found[1] |= allowed[0] && allowed[1];
                    }
                }
            }
            assert!(taken_in, "{action} on {resource} is allowed by {shown}");
        }
    }
    for (left, found) in left.iter().zip(&found) {
        assert_eq!(left.open, None, "{shown}");
        for (piece, [sometimes, always]) in left.pieces.iter().zip(found) {
            assert_eq!(piece.unsure, None, "all of it is known: {shown}");
            // Actions that nobody asks for here tell nothing.
            let mut asked = ASKED.iter().map(|asked| Pattern::literal(asked));
            if !asked.any(|asked| piece.actions.covers(&asked)) {
                continue;
            }
            assert!(sometimes, "{piece:?} is left of {shown}");
            if !is_conditional {
                assert!(always, "{piece:?} is left of {shown}");
            }
        }
    }
}

#[test]
fn what_is_left_is_what_single_requests_are_allowed() {
    let resources = resources();
    let mut numbers = Numbers(7);
    for _ in 0..250 {
        let own = numbers.policy();
        let boundary = (numbers.below(2) == 0).then(|| numbers.policy());
        check(&own, boundary.as_deref(), &resources);
    }
}

#[test]
fn a_condition_narrows_and_decides_nothing() {
    let resources = resources();
    let mut numbers = Numbers(11);
    for _ in 0..150 {
        let mut own = numbers.policy();
        let mut boundary = (numbers.below(2) == 0).then(|| numbers.policy());
        let into = boundary.as_mut().filter(|_| numbers.below(2) == 0);
        let into = into.unwrap_or(&mut own);
        let at = numbers.below(into.len());
        into[at].conditional = true;
        check(&own, boundary.as_deref(), &resources);
    }
}

/// Actions and resources that are narrow enough for a few hundred statements to leave
/// something of each other.
const FEW_ACTIONS: &[&str] = &[
    "s3:GetObject",
    "s3:Get*",
    "s3:*Object",
    "s3:PutObject",
    "s3:*",
    "sqs:SendMessage",
    "dynamodb:*Item",
    "*",
];

const FEW_RESOURCES: &[&str] = &[
    "arn:aws:s3:::aa",
    "arn:aws:s3:::ab*",
    "arn:aws:s3:::a?z",
    "arn:aws:s3:::*bz",
    "arn:aws:s3:::bq?",
    "arn:aws:s3:::bb*",
    "arn:aws:s3:::zz*",
    "arn:aws:s3:::q*a",
    "arn:aws:s3:::qb",
    "arn:aws:s3:::za?",
    "arn:aws:s3:::*qq",
    "arn:aws:s3:::z",
    "arn:aws:sqs:*:1:jobs",
    "arn:aws:sqs:*:2:jobs",
    "arn:aws:dynamodb:*:1:table/t",
];

#[test]
fn of_hundreds_of_statements_the_same_is_left() {
    let resources = resources();
    let mut numbers = Numbers(23);
    for n_statements in [120, 400] {
        let said = (0..n_statements).map(|_| Said {
            allows: numbers.below(2) == 0,
            but_actions: false,
            actions: numbers.some(FEW_ACTIONS),
            but_resources: false,
            resources: numbers.some(FEW_RESOURCES),
            conditional: false,
        });
        let mut own: Vec<Said> = said.collect();
        // Rarely all is denied of something that is allowed.
        for (index, said) in own.iter_mut().enumerate() {
            if !said.allows && index % 4 != 0 {
                said.actions = vec![FEW_ACTIONS[index % 4]];
                said.resources = vec![FEW_RESOURCES[index % FEW_RESOURCES.len()]];
            }
        }
        check(&own, None, &resources);
        if n_statements == 120 {
            check(&own[..40], Some(&own[40..80]), &resources);
        }
    }
}
