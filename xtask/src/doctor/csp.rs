//! What a page's Content-Security-Policy denies the widget, and what to write into it. Whether a policy allows
//! something is decided by the library that follows the standard; this file knows what the widget does.

use content_security_policy::{
    CheckResult, CspList, Destination, Initiator, ParserMetadata, Policy, PolicyDisposition, PolicySource, Request,
};
use courseferry_api::{Endpoint, GetHome};
use url::Url;

/// A directive that lacks something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// Its name, such as `script-src`.
    pub directive: &'static str,
    /// The sources to add.
    pub add: Vec<String>,
    /// The whole directive as it should be.
    pub whole: Vec<String>,
    /// With `'strict-dynamic'` browsers ignore addresses, so adding them does not help.
    pub strict_dynamic: bool,
}

/// Something that the widget loads or asks for on a page of Moodle's.
struct Use {
    directive: &'static str,
    /// Directives that decide in its place, the first that is there.
    governed_by: &'static [&'static str],
    destination: Destination,
    initiator: Initiator,
    path: &'static str,
}

const USES: [Use; 4] = [
    Use {
        directive: "script-src",
        governed_by: &["script-src-elem", "script-src"],
        destination: Destination::Script,
        initiator: Initiator::None,
        path: "/widget/courseferry.js",
    },
    Use {
        directive: "style-src",
        governed_by: &["style-src-elem", "style-src"],
        destination: Destination::Style,
        initiator: Initiator::None,
        path: "/widget/files/courseferry.css",
    },
    Use {
        directive: "connect-src",
        governed_by: &["connect-src"],
        destination: Destination::None,
        initiator: Initiator::Fetch,
        path: "/widget/files/courseferry.wasm",
    },
    Use {
        directive: "connect-src",
        governed_by: &["connect-src"],
        destination: Destination::None,
        initiator: Initiator::Fetch,
        path: GetHome::PATTERN,
    },
];

/// What the policies that a page was sent with lack, `headers` being the values of those headers. Each policy must
/// allow everything by itself; what only the fallback `default-src` decides needs a directive of its own.
pub fn lacks(headers: &[String], page: &Url, worker: &Url) -> Vec<Lack> {
    let parse = |header: &String| CspList::parse(header, PolicySource::Header, PolicyDisposition::Enforce).0;
    headers.iter().flat_map(parse).flat_map(|policy| lacks_of(&policy, page, worker)).collect()
}

fn lacks_of(policy: &Policy, page: &Url, worker: &Url) -> Vec<Lack> {
    let list = CspList(vec![policy.clone()]);
    let mut lacks = Vec::new();
    for usage in &USES {
        let Ok(url) = worker.join(usage.path) else { continue };
        let request = Request {
            url: url.clone(),
            current_url: url,
            origin: page.origin(),
            redirect_count: 0,
            destination: usage.destination,
            initiator: usage.initiator,
            nonce: String::new(),
            integrity_metadata: String::new(),
            parser_metadata: ParserMetadata::ParserInserted,
        };
        if list.should_request_be_blocked(&request).0 == CheckResult::Blocked {
            let governs = |name: &&&str| policy.contains_a_directive_whose_name_is(name);
            let directive = usage.governed_by.iter().find(governs).copied().unwrap_or(usage.directive);
            add(&mut lacks, policy, directive, worker.origin().ascii_serialization());
        }
    }
    if list.is_wasm_evaluation_allowed().0 == CheckResult::Blocked {
        add(&mut lacks, policy, "script-src", "'wasm-unsafe-eval'".to_owned());
    }
    lacks
}

fn add(lacks: &mut Vec<Lack>, policy: &Policy, directive: &'static str, value: String) {
    let place = lacks.iter().position(|lack| lack.directive == directive);
    let mut lack = place.map_or_else(
        || {
            // A new directive replaces `default-src`, so it must repeat what that allows.
            let present = values(policy, directive).or_else(|| values(policy, "default-src")).unwrap_or_default();
            let whole: Vec<String> = present.iter().filter(|value| !is(value, "'none'")).cloned().collect();
            let strict_dynamic = whole.iter().any(|value| is(value, "'strict-dynamic'"));
            Lack { directive, add: Vec::new(), whole, strict_dynamic }
        },
        |place| lacks.remove(place),
    );
    if !lack.add.contains(&value) {
        lack.whole.push(value.clone());
        lack.add.push(value);
    }
    lacks.push(lack);
}

fn values<'a>(policy: &'a Policy, name: &str) -> Option<&'a [String]> {
    policy.directive_set.iter().find(|directive| directive.name == name).map(|directive| directive.value.as_slice())
}

fn is(value: &str, keyword: &str) -> bool {
    value.eq_ignore_ascii_case(keyword)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Table<'a> = [(&'a str, &'a [&'a str], Vec<(&'static str, String)>)];

    const WORKER: &str = "https://ferry.example.org";

    fn found(policies: &[&str]) -> Vec<(&'static str, String)> {
        let headers: Vec<_> = policies.iter().map(|&policy| policy.to_owned()).collect();
        let page = Url::parse("https://moodle.example.org/login/index.php").unwrap();
        let lacks = lacks(&headers, &page, &Url::parse(WORKER).unwrap());
        lacks.into_iter().map(|lack| (lack.directive, lack.add.join(" "))).collect()
    }

    #[test]
    fn each_policy_is_told_by_directive_what_it_lacks() {
        let host = WORKER.to_owned();
        let wasm = "'wasm-unsafe-eval'".to_owned();
        let both = format!("{WORKER} 'wasm-unsafe-eval'");
        let all = vec![("style-src", host.clone()), ("connect-src", host.clone()), ("script-src", both.clone())];
        let full = format!(
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {WORKER}; style-src 'self' {WORKER}; connect-src {WORKER}"
        );
        let table: &Table<'_> = &[
            ("no policy", &[], vec![]),
            ("one that says nothing of it", &["frame-ancestors 'self'; upgrade-insecure-requests"], vec![]),
            ("all that is needed", &[&full], vec![]),
            ("everything closed", &["default-src 'none'"], all.clone()),
            ("only the page's own site", &["default-src 'self' 'unsafe-inline'"], all),
            (
                "no WebAssembly",
                &["script-src 'self' https://ferry.example.org; style-src *; connect-src *"],
                vec![("script-src", wasm.clone())],
            ),
            ("eval permits WebAssembly", &["script-src * 'unsafe-eval'"], vec![]),
            (
                "a star is an address",
                &["script-src * 'wasm-unsafe-eval'; connect-src 'self'"],
                vec![("connect-src", host.clone())],
            ),
            ("https: is any such address", &["default-src https: 'wasm-unsafe-eval'"], vec![]),
            ("a wildcard of hosts", &["default-src https://*.example.org 'wasm-unsafe-eval'"], vec![]),
            (
                "the directive for elements decides of scripts",
                &["script-src * 'unsafe-eval'; script-src-elem 'self'"],
                vec![("script-src-elem", host.clone())],
            ),
            ("and of styles", &["style-src *; style-src-elem 'self'"], vec![("style-src-elem", host.clone())]),
            (
                "another port is another address",
                &["connect-src https://ferry.example.org:8443"],
                vec![("connect-src", host.clone())],
            ),
            (
                "a path that holds the API only",
                &["connect-src https://ferry.example.org/api/"],
                vec![("connect-src", host.clone())],
            ),
            (
                "two policies in one header",
                &["style-src 'self', connect-src 'self'"],
                vec![("style-src", host.clone()), ("connect-src", host.clone())],
            ),
            (
                "two headers",
                &["style-src 'self'", "connect-src 'self'"],
                vec![("style-src", host.clone()), ("connect-src", host)],
            ),
            ("upper case", &["SCRIPT-SRC * 'WASM-UNSAFE-EVAL'"], vec![]),
        ];
        for (what, policies, expected) in table {
            assert_eq!(found(policies), *expected, "{what}: {policies:?}");
        }
    }

    #[test]
    fn a_new_directive_keeps_what_default_src_allowed_and_drops_none() {
        let page = Url::parse("https://moodle.example.org/").unwrap();
        let worker = Url::parse(WORKER).unwrap();
        let whole = |policy: &str| {
            let lacks = lacks(&[policy.to_owned()], &page, &worker);
            lacks.into_iter().map(|lack| format!("{} {}", lack.directive, lack.whole.join(" "))).collect::<Vec<_>>()
        };
        assert_eq!(
            whole("default-src 'self'; style-src *; script-src * 'unsafe-eval'"),
            ["connect-src 'self' https://ferry.example.org"]
        );
        assert_eq!(
            whole("connect-src 'none'; script-src 'self'"),
            ["connect-src https://ferry.example.org", "script-src 'self' https://ferry.example.org 'wasm-unsafe-eval'"]
        );
    }

    #[test]
    fn with_strict_dynamic_an_address_alone_does_not_help() {
        let page = Url::parse("https://moodle.example.org/").unwrap();
        let policy = format!("script-src 'strict-dynamic' 'nonce-abc' {WORKER} 'wasm-unsafe-eval'");
        let lacks = lacks(&[policy], &page, &Url::parse(WORKER).unwrap());
        assert!(lacks.len() == 1 && lacks[0].strict_dynamic, "{lacks:?}");
    }
}
