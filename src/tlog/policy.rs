//! Trust policies (C2SP tlog-policy): which witnesses must have cosigned a checkpoint before it counts.

use super::cosignature::cosigned_until;
use super::error::TlogError;
use super::signed_note::{Note, SignatureKind, VerifierKey};
use std::collections::{HashMap, HashSet};

/// Largest policy that is read, in bytes.
pub const LARGEST_POLICY_BYTES: usize = 64 * 1024;
/// Most logs, witnesses and groups together; C2SP recommends to take 32 of each.
pub const MOST_LINES: usize = 512;

/// Names, addresses and comments are octets to a policy, not characters.
type Octets = Vec<u8>;

/// A policy whose lines fit together: every name is defined once, before it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<PolicyLog>,
    members: Vec<Member>,
    quorum: Quorum,
}

/// A log that the policy accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyLog {
    pub key: VerifierKey,
    pub url: Option<Octets>,
}

/// A witness, or a group of what stands before it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Member {
    name: Octets,
    is: Is,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Is {
    Witness(Box<PolicyWitness>),
    /// At least `need` of these members, by their place.
    Group {
        need: usize,
        of: Vec<usize>,
    },
}

/// A witness that the policy trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyWitness {
    pub key: VerifierKey,
    /// Its submission prefix, if somebody wrote it down.
    pub url: Option<Octets>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quorum {
    /// No cosignature is needed.
    None,
    /// This member must have witnessed the checkpoint.
    Of(usize),
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// [`TlogError::Policy`] names the line and what is accepted there.
    pub fn parse(bytes: &[u8]) -> Result<Policy, TlogError> {
        let refuse = |line: usize, why: String| TlogError::Policy { line, why };
        if bytes.len() > LARGEST_POLICY_BYTES {
            return Err(refuse(1, format!("the file is larger than {LARGEST_POLICY_BYTES} bytes")));
        }
        let mut reading = Reading::default();
        let mut last = 1;
        for (number, line) in (1..).zip(bytes.strip_suffix(b"\n").unwrap_or(bytes).split(|c| *c == b'\n')) {
            last = number;
            reading.line(line).map_err(|why| refuse(number, why))?;
        }
        // SPEC: tlog-policy, a policy file must include exactly one quorum line.
        let quorum = reading.quorum;
        let quorum = quorum.ok_or_else(|| refuse(last, "no `quorum <name>` line stands in it".to_owned()))?;
        Ok(Policy { logs: reading.logs, members: reading.members, quorum })
    }

    /// Logs that are accepted; none if which log it is must be known from elsewhere.
    pub fn logs(&self) -> &[PolicyLog] {
        &self.logs
    }

    /// Every witness, in the order of the file.
    pub fn witnesses(&self) -> impl Iterator<Item = &PolicyWitness> {
        self.members.iter().filter_map(|member| match &member.is {
            Is::Witness(witness) => Some(witness.as_ref()),
            Is::Group { .. } => None,
        })
    }

    /// Whether cosignatures are asked for at all.
    pub fn needs_witnesses(&self) -> bool {
        self.quorum != Quorum::None
    }

    /// Whether the checkpoint in `note` counts: it is signed by one of the logs, if some are named, and enough witnesses
    /// cosigned it no later than `latest` (unix seconds).
    pub fn accepts(&self, note: &Note, latest: u64) -> bool {
        // SPEC: tlog-policy, signed by any one of the listed logs, and cosigned according to the quorum rule.
        let origin = note.text().split('\n').next().unwrap_or_default();
        let is_signed = |log: &PolicyLog| log.key.name() == origin && note.verify(&log.key).is_ok();
        if !self.logs.is_empty() && !self.logs.iter().any(is_signed) {
            return false;
        }
        let mut witnessed: Vec<bool> = Vec::with_capacity(self.members.len());
        for member in &self.members {
            witnessed.push(match &member.is {
                Is::Witness(witness) => cosigned_until(note, &witness.key, latest).is_ok(),
                Is::Group { need, of } => of.iter().filter(|place| witnessed[**place]).count() >= *need,
            });
        }
        match self.quorum {
            Quorum::None => true,
            Quorum::Of(place) => witnessed[place],
        }
    }

    /// The policy as a file, without comments; [`Policy::parse`] reads the same policy back.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut file = Vec::new();
        let mut line = |words: Vec<&[u8]>| {
            file.extend(words.join(&b' '));
            file.push(b'\n');
        };
        for log in &self.logs {
            let key = log.key.to_string();
            line([&b"log"[..], key.as_bytes()].into_iter().chain(log.url.as_deref()).collect());
        }
        for member in &self.members {
            match &member.is {
                Is::Witness(witness) => {
                    let key = witness.key.to_string();
                    let words = [&b"witness"[..], &member.name, key.as_bytes()];
                    line(words.into_iter().chain(witness.url.as_deref()).collect());
                }
                Is::Group { need, of } => {
                    let need = need.to_string();
                    let names = of.iter().map(|place| &self.members[*place].name[..]);
                    line([&b"group"[..], &member.name, need.as_bytes()].into_iter().chain(names).collect());
                }
            }
        }
        let quorum = match self.quorum {
            Quorum::None => NONE,
            Quorum::Of(place) => &self.members[place].name,
        };
        line(vec![b"quorum", quorum]);
        file
    }
}

/// The predefined name that stands for no quorum.
const NONE: &[u8] = b"none";

/// A file so far.
#[derive(Default)]
struct Reading {
    logs: Vec<PolicyLog>,
    members: Vec<Member>,
    places: HashMap<Octets, usize>,
    /// Members of some group.
    taken: HashSet<usize>,
    quorum: Option<Quorum>,
}

impl Reading {
    fn line(&mut self, line: &[u8]) -> Result<(), String> {
        // SPEC: tlog-policy, allowed octets are tab, newline, 0x20-0x7E and 0x80-0xFF.
        if let Some(octet) = line.iter().find(|octet| (**octet < b' ' && **octet != b'\t') || **octet == 0x7f)
        {
            return Err(format!(
                "it holds the control character 0x{octet:02X}; of those only tabs are accepted"
            ));
        }
        // SPEC: whitespace means ASCII space and tab only; comment lines start with "#".
        let mut words = line.split(|c| matches!(c, b' ' | b'\t')).filter(|word| !word.is_empty());
        let Some(first) = words.next().filter(|first| !first.starts_with(b"#")) else { return Ok(()) };
        let words: Vec<&[u8]> = words.collect();
        if self.logs.len() + self.members.len() >= MOST_LINES {
            return Err(format!("more than {MOST_LINES} logs, witnesses and groups"));
        }
        match (first, &words[..]) {
            (b"log", [key, url @ ..]) if url.len() < 2 => self.log(key, url.first()),
            (b"witness", [name, key, url @ ..]) if url.len() < 2 => self.witness(name, key, url.first()),
            (b"group", [name, need, of @ ..]) if !of.is_empty() => self.group(name, need, of),
            (b"quorum", [name]) => self.settle(name),
            (b"log", _) => Err("accepted is: log <vkey> [<url>]".to_owned()),
            (b"witness", _) => Err("accepted is: witness <name> <vkey> [<url>]".to_owned()),
            (b"group", _) => Err("accepted is: group <name> <all, any or a number> <name>...".to_owned()),
            (b"quorum", _) => Err("accepted is: quorum <name>, or quorum none".to_owned()),
            (other, _) => {
                Err(format!("{} is no word of it; accepted are log, witness, group, quorum", shown(other)))
            }
        }
    }

    fn log(&mut self, key: &[u8], url: Option<&&[u8]>) -> Result<(), String> {
        let key = verifier(key, SignatureKind::Ed25519)?;
        // SPEC: duplicate logs, with the same public key, are not allowed.
        if self.logs.iter().any(|log| log.key.key() == key.key()) {
            return Err("a log with this key stands above already".to_owned());
        }
        self.logs.push(PolicyLog { key, url: url.map(|url| url.to_vec()) });
        Ok(())
    }

    fn witness(&mut self, name: &[u8], key: &[u8], url: Option<&&[u8]>) -> Result<(), String> {
        let key = verifier(key, SignatureKind::Cosignature)?;
        // SPEC: duplicate witnesses, with the same public key, are not allowed.
        let has_key =
            |member: &Member| matches!(&member.is, Is::Witness(witness) if witness.key.key() == key.key());
        if self.members.iter().any(has_key) {
            return Err("a witness with this key stands above already".to_owned());
        }
        self.define(name, Is::Witness(Box::new(PolicyWitness { key, url: url.map(|url| url.to_vec()) })))
    }

    fn group(&mut self, name: &[u8], need: &[u8], names: &[&[u8]]) -> Result<(), String> {
        let number = |text: &str| text.parse().ok().filter(|need: &usize| need.to_string() == text);
        let need = match need {
            b"all" => names.len(),
            b"any" => 1,
            // SPEC: k in decimal, 1 <= k <= n.
            other => std::str::from_utf8(other)
                .ok()
                .and_then(number)
                .filter(|need| (1..=names.len()).contains(need))
                .ok_or_else(|| {
                    format!("{} is neither all nor any nor a number from 1 to {}", shown(other), names.len())
                })?,
        };
        let mut of = Vec::with_capacity(names.len());
        for member in names {
            let place = self.place(member)?;
            // SPEC: each defined name can be listed as a group member at most once.
            if !self.taken.insert(place) {
                return Err(format!("{} is a member of a group already; once is accepted", shown(member)));
            }
            of.push(place);
        }
        self.define(name, Is::Group { need, of })
    }

    fn settle(&mut self, name: &[u8]) -> Result<(), String> {
        if self.quorum.is_some() {
            return Err("a quorum stands above already; exactly one is accepted".to_owned());
        }
        self.quorum = Some(if name == NONE { Quorum::None } else { Quorum::Of(self.place(name)?) });
        Ok(())
    }

    /// SPEC: witnesses and groups share a single namespace; the name `none` is predefined.
    fn define(&mut self, name: &[u8], is: Is) -> Result<(), String> {
        if name == NONE || self.places.contains_key(name) {
            return Err(format!("the name {} is taken; each name is defined once", shown(name)));
        }
        self.places.insert(name.to_vec(), self.members.len());
        self.members.push(Member { name: name.to_vec(), is });
        Ok(())
    }

    /// SPEC: a line can only refer to names defined on preceding lines.
    fn place(&self, name: &[u8]) -> Result<usize, String> {
        let unknown = || format!("{} is no witness or group of a line above", shown(name));
        self.places.get(name).copied().ok_or_else(unknown)
    }
}

/// SPEC: keys are written in vkey format and use a signature type appropriate for what they do.
fn verifier(word: &[u8], kind: SignatureKind) -> Result<VerifierKey, String> {
    let wanted = match kind {
        SignatureKind::Ed25519 => "a log's key of type 1 (Ed25519)",
        SignatureKind::Cosignature => "a witness's key of type 4 (Ed25519 cosignature)",
    };
    let text = std::str::from_utf8(word).map_err(|_| "a vkey is UTF-8".to_owned())?;
    let key: VerifierKey =
        text.parse().map_err(|error: TlogError| format!("{error}; accepted is {wanted}"))?;
    if key.kind() == kind {
        Ok(key)
    } else {
        Err(format!("the key is of another type; accepted is {wanted}"))
    }
}

fn shown(word: &[u8]) -> String {
    format!("{:?}", String::from_utf8_lossy(word).chars().take(60).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::Policy;
    use crate::tlog::checkpoint::Checkpoint;
    use crate::tlog::cosignature::{cosignature_line, cosigned_message};
    use crate::tlog::error::TlogError;
    use crate::tlog::signed_note::{Note, NoteSignature, PublicKey, SignatureKind, VerifierKey};
    use crate::tlog::vectors;
    use ed25519_dalek::Signer;
    use proptest::prelude::*;

    const TIME: u64 = 1_767_312_001;

    fn vkey(number: u8, kind: SignatureKind) -> VerifierKey {
        let key = PublicKey::from_bytes(vectors::signing_key(number).verifying_key().as_bytes()).unwrap();
        VerifierKey::new(&format!("w{number}.example"), kind, key).unwrap()
    }

    fn witness(number: u8) -> VerifierKey {
        vkey(number, SignatureKind::Cosignature)
    }

    /// The published checkpoint, cosigned by these.
    fn cosigned(numbers: &[u8]) -> Note {
        let published = Note::parse(vectors::CHECKPOINT.as_bytes()).unwrap();
        let mut lines = vec![published.signatures()[0].clone()];
        lines.extend(numbers.iter().map(|number| line(*number, &published)));
        Note::new(published.text().to_owned(), lines).unwrap()
    }

    fn line(number: u8, note: &Note) -> NoteSignature {
        let signature = vectors::signing_key(number).sign(cosigned_message(TIME, note.text()).as_bytes());
        cosignature_line(&witness(number), TIME, &signature.to_bytes())
    }

    /// The example of the specification, with keys: X1 X2 X3 are 11 12 13, Y1 Y2 Y3 are 21 22 23.
    fn example() -> String {
        let mut file = format!("# comment\n\tlog {} \n\n", vectors::FEED_VKEY);
        for (name, number) in [("X1", 11), ("X2", 12), ("X3", 13)] {
            file += &format!("witness {name} {}\n", witness(number));
        }
        file += "group X-witnesses 2 X1 X2 X3\n \t\n";
        for (name, number) in [("Y1", 21), ("Y2", 22), ("Y3", 23)] {
            file += &format!("witness\t{name} {} https://w{number}.example/\n", witness(number));
        }
        file + "group Y-witnesses any Y1 Y2 Y3\ngroup X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
    }

    #[test]
    fn the_published_example_accepts_what_its_text_says() {
        let policy = Policy::parse(example().as_bytes()).unwrap();
        assert_eq!((policy.logs().len(), policy.witnesses().count()), (1, 6));
        assert!(policy.needs_witnesses());
        for (numbers, holds) in [
            (&[11, 12, 21][..], true),
            (&[11, 13, 23], true),
            (&[11, 12, 13, 21, 22, 23], true),
            (&[11, 12], false),
            (&[11, 21, 22, 23], false),
            (&[11, 11, 21], false),
            (&[], false),
        ] {
            assert_eq!(policy.accepts(&cosigned(numbers), TIME), holds, "{numbers:?}");
        }
        assert!(!policy.accepts(&cosigned(&[11, 12, 21]), TIME - 1), "cosignatures of the future");
    }

    #[test]
    fn a_forged_cosignature_or_another_log_counts_for_nothing() {
        let policy = Policy::parse(example().as_bytes()).unwrap();
        let good = cosigned(&[11, 12, 21]);
        let text = good.text().replace("\n3\n", "\n4\n");
        assert!(!policy.accepts(&Note::new(text, good.signatures().to_vec()).unwrap(), TIME));
        let unsigned = Note::new(good.text().to_owned(), good.signatures()[1..].to_vec()).unwrap();
        assert!(!policy.accepts(&unsigned, TIME));
        let any_log = example().replace(&format!("log {}", vectors::FEED_VKEY), "# no log");
        assert!(Policy::parse(any_log.as_bytes()).unwrap().accepts(&unsigned, TIME));
        let checkpoint: Checkpoint = good.text().parse().unwrap();
        let renamed = Checkpoint { origin: "other.example/log".to_owned(), ..checkpoint }.to_string();
        let lines = [11, 12, 21].map(|number| line(number, &Note::new(renamed.clone(), Vec::new()).unwrap()));
        assert!(!policy.accepts(&Note::new(renamed, lines.to_vec()).unwrap(), TIME));
    }

    #[test]
    fn no_witness_is_needed_where_the_policy_says_so() {
        let policy = Policy::parse(b"quorum none").unwrap();
        assert!(policy.accepts(&cosigned(&[]), TIME) && !policy.needs_witnesses());
        let one = Policy::parse(format!("witness all {}\nquorum all\n", witness(11)).as_bytes()).unwrap();
        assert!(one.accepts(&cosigned(&[11]), TIME) && !one.accepts(&cosigned(&[12]), TIME));
    }

    #[test]
    fn octets_that_are_no_text_are_names_as_well() {
        let key = witness(11).to_string();
        let file = [&b"witness K\xe2\x84\xaa\xff "[..], key.as_bytes(), b"\nquorum K\xe2\x84\xaa\xff\n"];
        let policy = Policy::parse(&file.concat()).unwrap();
        assert!(policy.accepts(&cosigned(&[11]), TIME));
        assert_eq!(policy.to_bytes(), file.concat());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_what_is_accepted() {
        let (w, x) = (witness(11).to_string(), witness(12).to_string());
        let log = vkey(11, SignatureKind::Ed25519).to_string();
        for (file, line, words) in [
            ("".to_owned(), 1, "no `quorum <name>` line"),
            (format!("witness a {w}\n"), 1, "no `quorum <name>` line"),
            ("quorum none\nquorum none\n".to_owned(), 2, "exactly one"),
            ("quorum a\n".to_owned(), 1, "\"a\" is no witness or group of a line above"),
            ("quorum\n".to_owned(), 1, "accepted is: quorum <name>"),
            ("\n\nwitnes a b\n".to_owned(), 3, "accepted are log, witness, group, quorum"),
            (format!("witness a {w} u v\n"), 1, "accepted is: witness <name> <vkey> [<url>]"),
            (format!("witness a {log}\n"), 1, "accepted is a witness's key of type 4"),
            (format!("log {w}\n"), 1, "accepted is a log's key of type 1"),
            ("log x\n".to_owned(), 1, "expected name+id+key"),
            (format!("log {log}\nlog {log} u\n"), 2, "this key stands above"),
            (format!("witness a {w}\nwitness b {w}\n"), 2, "this key stands above"),
            (format!("witness a {w}\nwitness a {x}\n"), 2, "the name \"a\" is taken"),
            (format!("witness none {w}\n"), 1, "the name \"none\" is taken"),
            (format!("witness a {w}\ngroup g any\n"), 2, "accepted is: group <name>"),
            (format!("witness a {w}\ngroup g 0 a\n"), 2, "a number from 1 to 1"),
            (format!("witness a {w}\ngroup g 2 a\n"), 2, "a number from 1 to 1"),
            (format!("witness a {w}\ngroup g 01 a\n"), 2, "a number from 1 to 1"),
            (format!("witness a {w}\ngroup g any g\n"), 2, "\"g\" is no witness"),
            (format!("witness a {w}\ngroup g any none\n"), 2, "\"none\" is no witness"),
            (format!("witness a {w}\ngroup g all a a\n"), 2, "\"a\" is a member of a group already"),
            (format!("witness a {w}\ngroup g any a\ngroup h any a g\n"), 3, "member of a group already"),
            ("quorum none\r\n".to_owned(), 1, "0x0D"),
            ("quorum none\u{7f}\n".to_owned(), 1, "0x7F"),
            ("x".repeat(70_000), 1, "larger than"),
            ("witness".repeat(200), 1, "is no word of it"),
        ] {
            let error = Policy::parse(file.as_bytes()).unwrap_err();
            assert!(matches!(error, TlogError::Policy { line: at, .. } if at == line), "{file:.80}: {error}");
            assert!(error.to_string().contains(words), "{file:.80}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_octets_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "((log|witness|group|quorum|#)[ a1\t]{0,9}\n){0,9}") {
            let _ = (Policy::parse(&bytes), Policy::parse(text.as_bytes()));
        }

        #[test]
        fn a_policy_is_read_as_it_was_written(
            witnesses in 1usize..9,
            groups in prop::collection::vec((0usize..9, prop::collection::vec(any::<prop::sample::Index>(), 1..5)), 0..6),
            quorum in any::<prop::sample::Index>(),
        ) {
            let mut names: Vec<String> = (0..witnesses).map(|number| format!("w{number}")).collect();
            let mut file: String =
                names.iter().zip(11..).map(|(name, key)| format!("witness {name} {}\n", witness(key))).collect();
            let mut free = names.clone();
            for (number, (need, members)) in groups.iter().enumerate() {
                let mut take = |member: &prop::sample::Index| {
                    (!free.is_empty()).then(|| free.swap_remove(member.index(free.len())))
                };
                let members: Vec<String> = members.iter().map_while(&mut take).collect();
                if members.is_empty() {
                    break;
                }
                file += &format!("group g{number} {} {}\n", need.clamp(&1, &members.len()), members.join(" "));
                names.push(format!("g{number}"));
                free.push(format!("g{number}"));
            }
            file += &format!("quorum {}\n", quorum.get(&names));
            let policy = Policy::parse(file.as_bytes()).unwrap();
            prop_assert_eq!(&Policy::parse(&policy.to_bytes()).unwrap(), &policy);
            prop_assert_eq!(String::from_utf8(policy.to_bytes()).unwrap(), file);
        }
    }
}
