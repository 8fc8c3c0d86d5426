//! The XML files of a backup, element by element as Moodle 4.5 writes them.

use super::{Activity, CourseContent, Kind, Section};
use std::fmt::Write;

/// Moodle's word for a database NULL.
pub const NULL: &str = "$@NULL@$";

/// Escapes text as Moodle's XML writer does; line breaks too, since elements are indented.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "&#10;")
}

/// An XML file with this root element.
pub fn file(root: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{root}")
}

/// An element that holds others; empty ones stand on two lines.
pub fn group(name: &str, children: &str) -> String {
    let tag = name.split(' ').next().unwrap_or_default();
    let indented: String = children.lines().fold(String::new(), |all, line| all + "  " + line + "\n");
    format!("<{name}>\n{indented}</{tag}>\n")
}

/// Elements with plain values, in order.
pub fn fields(fields: &[(&str, &dyn ToString)]) -> String {
    fields.iter().fold(String::new(), |mut all, (name, value)| {
        let _ = writeln!(all, "<{name}>{}</{name}>", escape(&value.to_string()));
        all
    })
}

/// Files of a course without anything in them, the same in every backup.
pub const EMPTY_COURSE_FILES: &[(&str, &str)] = &[
    ("badges.xml", "<badges>\n</badges>"),
    ("completion.xml", "<course_completion>\n</course_completion>"),
    ("course/calendar.xml", "<events>\n</events>"),
    ("course/comments.xml", "<comments>\n</comments>"),
    (
        "course/competencies.xml",
        "<course_competencies>\n  <competencies>\n  </competencies>\n  <user_competencies>\n  </user_competencies>\n</course_competencies>",
    ),
    ("course/completiondefaults.xml", "<course_completion_defaults>\n</course_completion_defaults>"),
    ("course/contentbank.xml", "<contents>\n</contents>"),
    ("course/filters.xml", FILTERS),
    ("course/inforef.xml", "<inforef>\n</inforef>"),
    ("course/roles.xml", ROLES),
    ("grade_history.xml", GRADE_HISTORY),
    (
        "gradebook.xml",
        "<gradebook>\n  <attributes>\n  </attributes>\n  <grade_categories>\n  </grade_categories>\n  <grade_items>\n  </grade_items>\n  <grade_letters>\n  </grade_letters>\n  <grade_settings>\n    <grade_setting id=\"\">\n      <name>minmaxtouse</name>\n      <value>1</value>\n    </grade_setting>\n  </grade_settings>\n</gradebook>",
    ),
    (
        "groups.xml",
        "<groups>\n  <groupcustomfields>\n  </groupcustomfields>\n  <groupings>\n    <groupingcustomfields>\n    </groupingcustomfields>\n  </groupings>\n</groups>",
    ),
    ("outcomes.xml", "<outcomes_definition>\n</outcomes_definition>"),
    ("questions.xml", "<question_categories>\n</question_categories>"),
    ("roles.xml", "<roles_definition>\n</roles_definition>"),
    ("scales.xml", "<scales_definition>\n</scales_definition>"),
];

/// Files of an activity without anything in them, the same for every activity.
pub const EMPTY_ACTIVITY_FILES: &[(&str, &str)] = &[
    ("calendar.xml", "<events>\n</events>"),
    ("comments.xml", "<comments>\n</comments>"),
    (
        "competencies.xml",
        "<course_module_competencies>\n  <competencies>\n  </competencies>\n</course_module_competencies>",
    ),
    ("filters.xml", FILTERS),
    ("grade_history.xml", GRADE_HISTORY),
    (
        "grades.xml",
        "<activity_gradebook>\n  <grade_items>\n  </grade_items>\n  <grade_letters>\n  </grade_letters>\n</activity_gradebook>",
    ),
    ("roles.xml", ROLES),
];

const FILTERS: &str =
    "<filters>\n  <filter_actives>\n  </filter_actives>\n  <filter_configs>\n  </filter_configs>\n</filters>";
const ROLES: &str =
    "<roles>\n  <role_overrides>\n  </role_overrides>\n  <role_assignments>\n  </role_assignments>\n</roles>";
const GRADE_HISTORY: &str = "<grade_history>\n  <grade_grades>\n  </grade_grades>\n</grade_history>";

/// Everything about one activity that its files name.
pub struct Placed<'a> {
    pub activity: &'a Activity,
    /// Its course module id, which also names its directory.
    pub module: i64,
    pub instance: i64,
    pub context: i64,
    /// Id and number.
    pub section: (i64, usize),
    pub time: i64,
}

impl Placed<'_> {
    /// Its directory, such as `page_12`.
    pub fn name(&self) -> String {
        format!("{}_{}", self.activity.kind.module(), self.module)
    }

    /// The activity's own file: `page.xml`.
    pub fn activity_xml(&self) -> String {
        let (kind, name, time) = (&self.activity.kind, &self.activity.name, self.time);
        let intro: &str = if let Kind::Label(text) = kind { text } else { "" };
        let head: &[(&str, &dyn ToString)] = &[("name", name), ("intro", &intro), ("introformat", &1)];
        let display = ("display", &0 as &dyn ToString);
        let intro_hidden = "a:1:{s:10:\"printintro\";i:0;}";
        let own = match kind {
            Kind::Page(content) => {
                fields(head)
                    + &fields(&[
                        ("content", content),
                        ("contentformat", &1),
                        ("legacyfiles", &0),
                        ("legacyfileslast", &NULL),
                        display,
                        ("displayoptions", &"a:2:{s:10:\"printintro\";i:0;s:17:\"printlastmodified\";i:1;}"),
                        ("revision", &1),
                        ("timemodified", &time),
                    ])
            }
            Kind::Label(_) => fields(head) + &fields(&[("timemodified", &time)]),
            Kind::Url(address) => {
                fields(head)
                    + &fields(&[
                        ("externalurl", address),
                        display,
                        ("displayoptions", &intro_hidden),
                        ("parameters", &"a:0:{}"),
                        ("timemodified", &time),
                    ])
            }
            Kind::File { .. } => {
                fields(head)
                    + &fields(&[
                        ("tobemigrated", &0),
                        ("legacyfiles", &0),
                        ("legacyfileslast", &NULL),
                        display,
                        ("displayoptions", &intro_hidden),
                        ("filterfiles", &0),
                        ("revision", &1),
                        ("timemodified", &time),
                    ])
            }
            Kind::Forum => {
                let zeros = |names: &[&str]| names.iter().fold(String::new(), |all, name| all + &fields(&[(name, &0)]));
                let lists =
                    ["discussions", "subscriptions", "digests", "readposts", "trackedprefs", "poststags", "grades"];
                fields(&[("type", &"general")])
                    + &fields(head)
                    + &zeros(&[
                        "duedate",
                        "cutoffdate",
                        "assessed",
                        "assesstimestart",
                        "assesstimefinish",
                        "scale",
                        "maxbytes",
                    ])
                    + &fields(&[("maxattachments", &1), ("forcesubscribe", &0), ("trackingtype", &1)])
                    + &zeros(&["rsstype", "rssarticles"])
                    + &fields(&[("timemodified", &time)])
                    + &zeros(&["warnafter", "blockafter", "blockperiod"])
                    + &zeros(&["completiondiscussions", "completionreplies", "completionposts"])
                    + &zeros(&["displaywordcount", "lockdiscussionafter", "grade_forum"])
                    + &lists.iter().fold(String::new(), |all, list| all + &group(list, ""))
            }
        };
        let (module, instance) = (kind.module(), self.instance);
        let own = group(&format!("{module} id=\"{instance}\""), &own);
        let (id, context) = (self.module, self.context);
        file(&group(
            &format!("activity id=\"{instance}\" moduleid=\"{id}\" modulename=\"{module}\" contextid=\"{context}\""),
            &own,
        ))
    }

    pub fn module_xml(&self, version: &str) -> String {
        let rows = fields(&[
            ("modulename", &self.activity.kind.module()),
            ("sectionid", &self.section.0),
            ("sectionnumber", &self.section.1),
            ("idnumber", &""),
            ("added", &self.time),
            ("score", &0),
            ("indent", &0),
            ("visible", &1),
            ("visibleoncoursepage", &1),
            ("visibleold", &1),
            ("groupmode", &0),
            ("groupingid", &0),
            ("completion", &0),
            ("completiongradeitemnumber", &NULL),
            ("completionpassgrade", &0),
            ("completionview", &0),
            ("completionexpected", &0),
            ("availability", &NULL),
            ("showdescription", &0),
            ("downloadcontent", &1),
            ("lang", &NULL),
        ]);
        file(&group(&format!("module id=\"{}\" version=\"{version}\"", self.module), &(rows + &group("tags", ""))))
    }

    /// Its entry in `moodle_backup.xml`.
    pub fn manifest(&self) -> String {
        group(
            "activity",
            &fields(&[
                ("moduleid", &self.module),
                ("sectionid", &self.section.0),
                ("modulename", &self.activity.kind.module()),
                ("title", &self.activity.name),
                ("directory", &format!("activities/{}", self.name())),
                ("insubsection", &""),
            ]),
        )
    }
}

pub fn section_xml(id: i64, number: usize, section: &Section, modules: &[i64], time: i64) -> String {
    let sequence = modules.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let name = if section.name.is_empty() { NULL } else { &section.name };
    let rows = fields(&[
        ("number", &number),
        ("name", &name),
        ("summary", &""),
        ("summaryformat", &1),
        ("sequence", &sequence),
        ("visible", &1),
        ("availabilityjson", &NULL),
        ("component", &NULL),
        ("itemid", &NULL),
        ("timemodified", &time),
    ]);
    file(&group(&format!("section id=\"{id}\""), &rows))
}

pub fn course_xml(course: &CourseContent, context: i64, time: i64) -> String {
    let rows = fields(&[
        ("shortname", &course.shortname),
        ("fullname", &course.fullname),
        ("idnumber", &course.idnumber),
        ("summary", &course.summary),
        ("summaryformat", &1),
        ("format", &"topics"),
        ("showgrades", &1),
        ("newsitems", &0),
        ("startdate", &course.startdate),
        ("enddate", &0),
        ("marker", &0),
        ("maxbytes", &0),
        ("legacyfiles", &0),
        ("showreports", &0),
        ("visible", &i32::from(course.visible)),
        ("groupmode", &0),
        ("groupmodeforce", &0),
        ("defaultgroupingid", &0),
        ("lang", &""),
        ("theme", &""),
        ("timecreated", &time),
        ("timemodified", &time),
        ("requested", &0),
        ("showactivitydates", &0),
        ("showcompletionconditions", &1),
        ("pdfexportfont", &NULL),
        ("enablecompletion", &0),
        ("completionnotify", &0),
    ]);
    let (category, name) = &course.category;
    let category = group(&format!("category id=\"{category}\""), &fields(&[("name", name), ("description", &"")]));
    let option = |name: &str, value: i32| {
        group(
            "courseformatoption",
            &fields(&[("format", &"topics"), ("sectionid", &0), ("name", &name), ("value", &value)]),
        )
    };
    let options = group("courseformatoptions", &(option("hiddensections", 1) + &option("coursedisplay", 0)));
    let course_tag = format!("course id=\"{}\" contextid=\"{context}\"", course.id);
    file(&group(&course_tag, &(rows + &category + &group("tags", "") + &group("customfields", "") + &options)))
}

/// One file's record in `files.xml`.
pub fn file_record(id: i64, context: i64, stored: (&str, u64), filename: &str, mimetype: &str, time: i64) -> String {
    let (hash, size) = stored;
    let rows = fields(&[
        ("contenthash", &hash),
        ("contextid", &context),
        ("component", &"mod_resource"),
        ("filearea", &"content"),
        ("itemid", &0),
        ("filepath", &"/"),
        ("filename", &filename),
        ("userid", &NULL),
        ("filesize", &size),
        ("mimetype", &mimetype),
        ("status", &0),
        ("timecreated", &time),
        ("timemodified", &time),
        ("source", &NULL),
        ("author", &NULL),
        ("license", &NULL),
        ("sortorder", &i32::from(filename != ".")),
        ("repositorytype", &NULL),
        ("repositoryid", &NULL),
        ("reference", &NULL),
    ]);
    group(&format!("file id=\"{id}\""), &rows)
}

/// The root settings of a backup without users, in Moodle's order.
pub const ROOT_SETTINGS: &[(&str, &str)] = &[
    ("filename", "backup.mbz"),
    ("users", "0"),
    ("anonymize", "0"),
    ("role_assignments", "0"),
    ("activities", "1"),
    ("blocks", "1"),
    ("files", "1"),
    ("filters", "1"),
    ("comments", "1"),
    ("badges", "1"),
    ("calendarevents", "1"),
    ("userscompletion", "0"),
    ("logs", "0"),
    ("grade_histories", "0"),
    ("questionbank", "1"),
    ("groups", "1"),
    ("competencies", "1"),
    ("customfield", "1"),
    ("contentbankcontent", "1"),
    ("xapistate", "0"),
    ("legacyfiles", "1"),
];

/// One setting of `moodle_backup.xml`; `owner` is the section or activity that it belongs to.
pub fn setting(level: &str, owner: Option<&str>, name: &str, value: &str) -> String {
    let owner = owner.map(|owner| fields(&[(level, &owner)])).unwrap_or_default();
    group("setting", &(fields(&[("level", &level)]) + &owner + &fields(&[("name", &name), ("value", &value)])))
}
