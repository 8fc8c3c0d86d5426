<?php
// This file is part of Moodle - https://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <https://www.gnu.org/licenses/>.

/**
 * The settings. Those that the block this one replaces also had keep its names.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

use block_courseferry\local\category_identifiers;
use block_courseferry\local\connection;
use block_courseferry\local\enrolment;
use block_courseferry\local\people;
use block_courseferry\local\setting_identifier;
use block_courseferry\local\setting_origin;

if ($ADMIN->fulltree) {
    $text = fn(string $name): array => [
        "block_courseferry/$name", get_string($name, 'block_courseferry'), get_string("{$name}_desc", 'block_courseferry'),
    ];

    $test = new moodle_url('/blocks/courseferry/testconnection.php', ['sesskey' => sesskey()]);
    $settings->add(new admin_setting_heading(
        'block_courseferry/connection',
        get_string('connection', 'block_courseferry'),
        html_writer::tag('p', connection::status())
        . html_writer::tag('p', html_writer::link($test, get_string('testconnection', 'block_courseferry'), ['class' => 'btn btn-secondary']))
    ));
    $settings->add(new setting_origin(...[...$text('workerorigin'), '', PARAM_RAW_TRIMMED, 60]));
    $settings->add(new admin_setting_configpasswordunmask(...[...$text('launchkey'), '']));
    $settings->add(new admin_setting_configpasswordunmask(...[...$text('servicekey'), '']));

    $auths = [];
    foreach (array_keys(core_component::get_plugin_list('auth')) as $auth) {
        $auths[$auth] = get_string('pluginname', "auth_$auth");
    }
    $settings->add(new admin_setting_configmulticheckbox(...[
        ...$text('trustedauth'), array_fill_keys(people::default_trusted_auth(), 1), $auths,
    ]));

    $missing = category_identifiers::configured()->missing();
    $settings->add(new admin_setting_heading(
        'block_courseferry/courses',
        get_string('courses'),
        $missing === null ? '' : html_writer::div(get_string('missingidentifier', 'block_courseferry', s($missing)), 'alert alert-warning')
    ));
    $settings->add(new setting_identifier(...[...$text('categorytable'), 'course_categories', PARAM_RAW_TRIMMED]));
    $settings->add(new setting_identifier(...[...$text('categorytable_foreignkey'), 'id', PARAM_RAW_TRIMMED]));
    $settings->add(new setting_identifier(...[...$text('categorytable_categoryfield'), 'idnumber', PARAM_RAW_TRIMMED]));
    $roles = array_intersect_key(
        role_fix_names(get_all_roles(), null, ROLENAME_ORIGINAL, true),
        array_flip(get_roles_for_contextlevels(CONTEXT_COURSE))
    );
    $settings->add(new admin_setting_configselect(...[...$text('enrollrole'), enrolment::teacher_role(), $roles]));
    $settings->add(new admin_setting_configcheckbox(...[...$text('keepidnumber'), 0]));

    $links = [
        html_writer::link(new moodle_url('/blocks/courseferry/lendingsetup.php'), get_string('lendingsetup', 'block_courseferry')),
        html_writer::link(new moodle_url('/blocks/courseferry/lent.php'), get_string('lentbackups', 'block_courseferry')),
    ];
    $settings->add(new admin_setting_heading(
        'block_courseferry/lending',
        get_string('lending', 'block_courseferry'),
        html_writer::tag('p', get_string('lending_desc', 'block_courseferry')) . html_writer::tag('p', implode(' · ', $links))
    ));
    $settings->add(new admin_setting_configmulticheckbox(...[
        ...$text('search_roles'), array_fill_keys(array_keys(get_archetype_roles('editingteacher')), 1), $roles,
    ]));
    $settings->add(new admin_setting_configmulticheckbox(...[
        ...$text('lentauth'), array_fill_keys(people::default_trusted_auth(), 1), $auths,
    ]));
    $settings->add(new admin_setting_configcheckbox(...[...$text('lendtoadmins'), 0]));
    $settings->add(new admin_setting_configcheckbox(...[...$text('lenduserdata'), 0]));
    $keep = new admin_setting_configduration(...[...$text('lentkeep'), 2 * DAYSECS]);
    $keep->set_min_duration(HOURSECS);
    $settings->add($keep);
}
