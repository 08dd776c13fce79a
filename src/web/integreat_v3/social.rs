//! What messengers and search engines show of an address of the web app: the beginning of a page, which the app's web
//! server puts before its own. Nothing else reads it.

use super::ask::around;
use super::part;
use super::shape::Around;
use crate::base::language::{Direction, LanguageTag};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::{ItemView, Snapshot};
use crate::locale::words::{self, Words};
use crate::web::State;
use crate::web::answer::Answer;
use crate::web::problem::Problem;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

/// First parts of addresses that belong to no region.
const OF_THE_NODE: [&str; 10] = [
    "landing",
    "regions",
    "recommend",
    "licenses",
    "main-disclaimer",
    "main-imprint",
    "jpal",
    "not-found",
    "consent",
    "search",
];
/// First parts below a language that are no pages.
const OF_A_REGION: [&str; 8] =
    ["disclaimer", "imprint", "news", "events", "locations", "places", "offers", "search"];
const LONGEST_DESCRIPTION: usize = 100;

pub async fn head(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let path = part(&request, "path").to_lowercase();
    let showing = state.showing();
    let made = showing.answer(&format!("v3/social/{path}"), |snapshot| {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        Ok::<_, &str>(Answer::html(Head::of(&state, snapshot, &parts)?.written()))
    });
    match made {
        Ok(answer) => Ok(answer.respond(&request)),
        Err(why) => {
            let missing = Head::missing(&state, why).written();
            Ok(Problem::no_such_address().respond("text/html; charset=utf-8", missing))
        }
    }
}

#[derive(Template)]
#[template(path = "integreat_v3/templates/social.html")]
struct Head {
    language: LanguageTag,
    title: String,
    description: String,
    address: String,
    picture: Option<String>,
    /// Why there is nothing to tell.
    missing: Option<&'static str>,
}

impl Head {
    /// # Errors: why there is nothing to tell.
    fn of(state: &State, snapshot: &Snapshot, parts: &[&str]) -> Result<Head, &'static str> {
        let (first, rest) = match parts.split_first() {
            None => return Ok(Head::of_node(state, snapshot, parts)),
            Some((first, _)) if OF_THE_NODE.contains(first) => {
                return Ok(Head::of_node(state, snapshot, parts));
            }
            Some((first, rest)) => (*first, rest),
        };
        let Some(region) = snapshot.region(first) else { return Err("no such region") };
        // A reserved word may also stand without a language before it.
        let (code, rest) = match rest.split_first() {
            Some((word, rest)) if !OF_A_REGION.contains(word) => (Some(*word), rest),
            _ => (None, rest),
        };
        let default = region.languages.first().map(|language| language.slug.as_str());
        let Ok(around) = around(state, snapshot, first, code.or(default).unwrap_or_default()) else {
            return Err("the region does not have this language");
        };
        let address = around.url(&format!("/{}/", parts.join("/")));
        match rest {
            [] | ["news", "local" | "tunews" | "amalnews"] => Ok(Head::of_region(&around, address)),
            [word] if OF_A_REGION.contains(word) => Ok(Head::of_region(&around, address)),
            _ => match item(&around, rest) {
                Some(view) => Ok(Head::of_item(&around, view)),
                None => Err("nothing has this address"),
            },
        }
    }

    fn missing(state: &State, why: &'static str) -> Head {
        let title = format!("Error 404 | {}", state.about.node_name);
        let address = state.about.site.clone();
        let (language, description) = (interface_language(), String::new());
        Head { language, title, description, address, picture: None, missing: Some(why) }
    }

    fn of_node(state: &State, snapshot: &Snapshot, parts: &[&str]) -> Head {
        let asked = parts.get(1).and_then(|tag| tag.parse().ok());
        let first = || snapshot.regions.first().map(|region| region.default_language.clone());
        let language = asked.or_else(first).unwrap_or_else(interface_language);
        Head {
            title: state.about.node_name.clone(),
            description: Words::of(&language).say("regions-intro").text,
            address: format!("{}{}", state.about.site, parts.join("/")),
            language,
            picture: None,
            missing: None,
        }
    }

    fn of_region(around: &Around<'_>, address: String) -> Head {
        let language = around.language.tag.clone();
        Head {
            title: format!("{} | {}", around.region.name, around.state.about.node_name),
            description: Words::of(&language).say("region-intro").text,
            address,
            language,
            picture: None,
            missing: None,
        }
    }

    fn of_item(around: &Around<'_>, view: &ItemView) -> Head {
        let (region, node) = (&around.region.name, &around.state.about.node_name);
        let icon = || around.thumbnail(&view.body, view.icon.as_deref()?).map(|icon| icon.into_owned());
        let summary = view.body.summary.clone().unwrap_or_else(|| view.body.words());
        Head {
            language: around.language.tag.clone(),
            title: format!("{} - {region} | {node}", view.title()),
            description: beginning(&summary),
            address: around.url(&view.path),
            picture: around.picture(view).or_else(icon),
            missing: None,
        }
    }

    fn direction(&self) -> &'static str {
        match self.language.direction() {
            Direction::LeftToRight => "ltr",
            Direction::RightToLeft => "rtl",
        }
    }

    /// Printing into a string cannot fail.
    fn written(&self) -> String {
        self.render().unwrap_or_default()
    }
}

fn item<'a>(around: &Around<'a>, parts: &[&str]) -> Option<&'a ItemView> {
    let shelf = |kind| around.edition.shelf(kind);
    match parts {
        ["events", slug] => {
            let whole = slug.split_once('$').map_or(*slug, |(slug, _)| slug);
            shelf(ObjectKind::Event)?.at_slug(whole)
        }
        ["locations" | "places", slug] => shelf(ObjectKind::Place)?.at_slug(slug),
        ["news", "local", number] => shelf(ObjectKind::News)?.numbered(number.parse().ok()?),
        [first, ..] if OF_A_REGION.contains(first) => None,
        [.., slug] => around.edition.pages.at_slug(slug),
        [] => None,
    }
}

/// The language for those who have told none.
fn interface_language() -> LanguageTag {
    words::spoken().into_iter().next().unwrap_or_else(LanguageTag::none)
}

/// The first hundred characters, cut after a word.
fn beginning(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LONGEST_DESCRIPTION) {
        None => text,
        Some((end, _)) => {
            let start = text.get(..end).unwrap_or_default();
            format!("{} …", start.rsplit_once(' ').map_or(start, |(whole, _)| whole))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn a_long_text_is_cut_after_a_word() {
        assert_eq!(beginning(" a\n b "), "a b");
        let long = "wörter ".repeat(30);
        let cut = beginning(&long);
        assert!(cut.ends_with("wörter …") && cut.chars().count() <= 102, "{cut}");
    }
}
