//! `lotse token`: what lets machines change content through the APIs.

use super::Call;
use crate::app::{AppError, Node, asked};
use crate::base::id::{ItemId, RegionId};
use crate::base::moment::Moment;
use crate::domain::access::grant::{self, Grant};
use crate::domain::access::token::{Scope, Token as Granted};
use crate::domain::content::{ContentError, store};
use crate::platform::db::{Read, Reading, Write};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Token {
    /// Makes a token and shows it, this once.
    Add(Add),
    /// Lists all tokens, each with the number that `revoke` takes. The tokens themselves are nowhere.
    List,
    /// Takes a token back for good.
    Revoke { number: i64 },
}

#[derive(Args)]
pub struct Add {
    /// Who holds it, so that you know later which to take back.
    #[arg(long)]
    name: String,
    /// What it is for: content:write.
    #[arg(long = "scope", required_unless_present = "page")]
    scopes: Vec<Scope>,
    /// The only region it is for, by its address part; otherwise all.
    #[arg(long)]
    region: Option<String>,
    /// The only page that it is for, by the id that `lotse page list` shows: its holder says what the page says, in each
    /// language that the page has, and nothing else.
    #[arg(long, conflicts_with_all = ["scopes", "region"])]
    page: Option<ItemId>,
    /// From when on it is of no use: a day such as 2027-06-30 (UTC), or a date and time with an offset.
    #[arg(long)]
    expires: Option<String>,
}

impl Token {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        match self {
            Token::Add(wanted) => add(&call.node()?, call, wanted)?,
            Token::List => list(&call.looking()?, call)?,
            Token::Revoke { number } => {
                let node = call.node()?;
                node.db.write(|tx: &mut Write<'_>| grant::revoke(tx, &node.clock, number))?;
                call.say
                    .result(&json!({ "revoked": number }), &format!("Token {number} is of no use any more."));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn add(node: &Node, call: &Call, wanted: Add) -> Result<(), AppError> {
    let Add { name, scopes, region, page, expires } = wanted;
    let expires_at = expires.as_deref().map(end).transpose()?;
    let scopes = scopes.into_iter().chain(page.map(|_| Scope::PageText)).collect();
    let (token, secret) = node.db.write(|tx: &mut Write<'_>| {
        let region = region.as_deref().map(|slug| region_id(tx, slug)).transpose()?;
        Ok::<_, AppError>(grant::grant(tx, &node.clock, Grant { name, scopes, region, page, expires_at })?)
    })?;
    let told = json!({ "number": token.number, "token": secret.reveal() });
    let text = format!(
        "{}\n\nThis is token {}. It is shown this once; keep it where nobody else reads it.",
        secret.reveal(),
        token.number
    );
    call.say.result(&told, &text);
    Ok(())
}

fn end(text: &str) -> Result<Moment, AppError> {
    let day = text.parse::<jiff::civil::Date>().map(|_| format!("{text}T00:00:00Z"));
    Moment::parse(day.as_deref().unwrap_or(text)).map_err(asked("--expires"))
}

fn region_id(tx: &mut impl Reading, slug: &str) -> Result<RegionId, AppError> {
    let region = store::regions::by_slug(tx, slug)?;
    let unknown =
        || ContentError::UnknownRegion { slug: slug.to_owned(), known: "see `lotse region list`".to_owned() };
    Ok(region.ok_or_else(unknown)?.id)
}

fn list(node: &Node, call: &Call) -> Result<(), AppError> {
    let (tokens, regions) =
        node.db.read(|tx: &mut Read<'_>| Ok::<_, AppError>((grant::list(tx)?, store::regions::all(tx)?)))?;
    let slugs: HashMap<RegionId, String> =
        regions.into_iter().map(|region| (region.id, region.slug)).collect();
    let region = |token: &Granted| token.region.and_then(|region| slugs.get(&region)).cloned();
    let mut text: String = tokens.iter().map(|token| line(node, token, region(token))).collect();
    if tokens.is_empty() {
        text.push_str("No token was given out.");
    }
    let rows: Vec<Value> = tokens.iter().map(|token| row(token, region(token))).collect();
    call.say.result(&rows, &text);
    Ok(())
}

/// Why it is of no use, if it is.
fn line(node: &Node, token: &Granted, region: Option<String>) -> String {
    let day = |at: Moment| at.to_string().chars().take("2026-11-28".len()).collect::<String>();
    let state = match (token.revoked_at, token.expires_at) {
        (Some(at), _) => format!("revoked {}", day(at)),
        (None, Some(end)) if end <= node.clock.now() => format!("expired {}", day(end)),
        (None, Some(end)) => format!("until {}", day(end)),
        (None, None) => "valid".to_owned(),
    };
    let used = token.used_on.map_or_else(|| "never used".to_owned(), |at| format!("last used {}", day(at)));
    let scopes = words(token).join(" ");
    let region = region.unwrap_or_else(|| "all regions".to_owned());
    let region = token.page.map_or_else(|| region.clone(), |page| format!("{page} in {region}"));
    format!("{:4}  {}  ({scopes}, {region}; {state}, {used})\n", token.number, token.name)
}

fn row(token: &Granted, region: Option<String>) -> Value {
    let Granted { number, name, scopes: _, region: _, page, created_at, expires_at, revoked_at, used_on } =
        token;
    json!({
        "number": number,
        "name": name,
        "scopes": words(token),
        "region": region,
        "page": page,
        "created_at": created_at,
        "expires_at": expires_at,
        "revoked_at": revoked_at,
        "used_on": used_on,
    })
}

fn words(token: &Granted) -> Vec<&'static str> {
    token.scopes.iter().copied().map(Scope::as_str).collect()
}
