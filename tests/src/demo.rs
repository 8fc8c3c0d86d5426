//! The demo's remotes: three Moodles of one university, with courses of the demo users that `client::demo` has too.

use crate::{
    backup::{Activity, Archive, CourseContent, FileContent, Kind, Section},
    remote::{RemoteConfig, RemoteCourse, Source},
};

/// September 2025, the start of most demo courses.
const AUTUMN: i64 = 1_756_684_800;
const YEAR: i64 = 365 * 86_400;

/// A course with something of everything in it.
fn course(id: i64, shortname: &str, fullname: &str, category: (i64, &str), teachers: &[&str]) -> RemoteCourse {
    let page = |name: &str, text: &str| Activity { name: name.to_owned(), kind: Kind::Page(format!("<p>{text}</p>")) };
    let file = |name: &str, filename: &str, mimetype: &str, content: FileContent| Activity {
        name: name.to_owned(),
        kind: Kind::File { filename: filename.to_owned(), mimetype: mimetype.to_owned(), content },
    };
    let section = |name: &str, activities: Vec<Activity>| Section { name: name.to_owned(), activities };
    let notes = format!("{fullname}\n\nNotes of the first lecture.\n").into_bytes();
    CourseContent {
        id,
        shortname: shortname.to_owned(),
        fullname: fullname.to_owned(),
        idnumber: String::new(),
        summary: format!("<p>What {shortname} is about.</p>"),
        startdate: AUTUMN,
        visible: true,
        category: (category.0, category.1.to_owned()),
        sections: vec![
            section("", vec![Activity { name: "Announcements".to_owned(), kind: Kind::Forum }]),
            section(
                "First weeks",
                vec![
                    Activity {
                        name: "Welcome".to_owned(),
                        kind: Kind::Label("<p>Welcome! Read the plan first.</p>".to_owned()),
                    },
                    page("Plan of the course", "Twelve lectures, six exercises, one examination."),
                    file("Lecture notes", "notes.txt", "text/plain", FileContent::Bytes(notes)),
                    Activity { name: "Library".to_owned(), kind: Kind::Url("https://example.org/library".to_owned()) },
                ],
            ),
            section(
                "Exercises",
                vec![
                    page("Exercise 1", "Measure &amp; estimate: is 3 &lt; π?"),
                    file("Data", "data.bin", "application/octet-stream", FileContent::Noise(60_000)),
                ],
            ),
        ],
    }
    .taught_by(teachers)
}

impl CourseContent {
    fn taught_by(self, teachers: &[&str]) -> RemoteCourse {
        RemoteCourse {
            content: self,
            category_identifier: String::new(),
            teachers: teachers.iter().map(ToString::to_string).collect(),
            source: Source::Written(Archive::TarGz),
        }
    }
}

impl RemoteCourse {
    fn identified(self, category_identifier: &str) -> Self {
        Self { category_identifier: category_identifier.to_owned(), ..self }
    }

    fn changed(mut self, change: impl FnOnce(&mut CourseContent)) -> Self {
        change(&mut self.content);
        self
    }

    fn zipped(self) -> Self {
        Self { source: Source::Written(Archive::Zip), ..self }
    }
}

fn remote(name: &str, token: &str, usernames: &[&str], courses: Vec<RemoteCourse>) -> RemoteConfig {
    let usernames = usernames.iter().map(ToString::to_string).collect();
    RemoteConfig { usernames, courses, ..RemoteConfig::new(name, token) }
}

/// "Moodle Sciences": physics and chemistry.
pub fn sciences() -> RemoteConfig {
    let physics = (3, "Physics");
    let optics =
        "<span lang=\"en\" class=\"multilang\">Optics</span><span lang=\"fr\" class=\"multilang\">Optique</span>";
    let long = "Introduction to the experimental methods of contemporary physics, with applications to the measurement of very small \
                quantities, their uncertainties and the honest reporting of what could not be measured at all, second semester";
    remote(
        "Moodle Sciences",
        "5c1e9ce5a0b14f6d8e7f001122334455",
        &["creator", "teacher1", "teacher2", "teacher3", "teacher4", "teacher5", "teacher6", "student1"],
        vec![
            course(11, "OPT101", optics, physics, &["teacher1", "teacher2"])
                .identified("FAC-SCI-PHY")
                .changed(|content| "OPT-2025".clone_into(&mut content.idnumber)),
            course(12, "MECH201", "Classical mechanics", physics, &["teacher1", "teacher6"]).identified("FAC-SCI-PHY"),
            course(13, "QM301", "Quantum mechanics", physics, &["teacher1", "creator"])
                .identified("FAC-SCI-PHY")
                .changed(|content| content.startdate = AUTUMN - YEAR),
            course(14, "CHEM110", "General chemistry", (4, "Chemistry"), &["teacher2"]).identified("FAC-SCI-CHI"),
            course(15, "LAB150", long, physics, &["teacher1"]).changed(|content| content.startdate = AUTUMN - 2 * YEAR),
            course(16, "STAT120", "Statistics & error < 5 %", (2, "Faculty of Science"), &["teacher1", "teacher4"])
                .identified("FAC-SCI")
                .zipped(),
            course(17, "DRAFT-X", "Draft: particle physics", physics, &["teacher1"])
                .changed(|content| content.visible = false),
            course(18, "ASTRO", "Astronomy for everybody", physics, &["teacher3", "teacher5"]).identified("FAC-MED"),
        ],
    )
}

/// "Moodle Lettres": arts and languages.
pub fn lettres() -> RemoteConfig {
    let history = (7, "Histoire");
    remote(
        "Moodle Lettres",
        "1e77re5000b14f6d8e7f001122334455",
        &["creator", "teacher1", "teacher2", "teacher3", "teacher5"],
        vec![
            course(21, "HIST-SCI", "Histoire des sciences", history, &["teacher1"]).identified("FAC-ART-HIS"),
            course(
                22,
                "UNI-é経",
                "Économie & société — 経済学 Ω \"quoted\" 🎓",
                (6, "Lettres"),
                &["teacher1", "teacher3"],
            )
            .identified("FAC-ART")
            .changed(|content| "UNI/é&1".clone_into(&mut content.idnumber)),
            course(23, "AR-LIT", "الأدب العربي: مدخل إلى الشعر القديم", (6, "Lettres"), &["teacher3", "teacher1"]),
            course(24, "PHILO", "Philosophie de la connaissance", (6, "Lettres"), &["creator"]).zipped(),
        ],
    )
}

/// "Moodle Médecine": one course, and not everybody has an account there.
pub fn medecine() -> RemoteConfig {
    remote(
        "Moodle Médecine",
        "3edec19e00b14f6d8e7f001122334455",
        &["creator", "teacher2"],
        vec![
            course(31, "ANAT1", "Anatomie I", (8, "Médecine"), &["teacher2"]).identified("FAC-MED"),
            course(32, "IMAGERIE", "Imagerie médicale", (8, "Médecine"), &["creator"]).identified("FAC-MED"),
        ],
    )
}
