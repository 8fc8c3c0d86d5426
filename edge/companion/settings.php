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
use block_courseferry\local\made_accounts;
use block_courseferry\local\people;
use block_courseferry\local\setting_identifier;
use block_courseferry\local\setting_integrity;
use block_courseferry\local\setting_origin;

if ($ADMIN->fulltree) {
    $testbutton = html_writer::link(
        new moodle_url('/blocks/courseferry/testconnection.php', ['sesskey' => sesskey()]),
        get_string('testconnection', 'block_courseferry'),
        ['class' => 'btn btn-secondary'],
    );
    $settings->add(new admin_setting_heading(
        'block_courseferry/connection',
        get_string('connection', 'block_courseferry'),
        html_writer::tag('p', connection::status()) . html_writer::tag('p', $testbutton),
    ));
    $settings->add(new setting_origin(
        'block_courseferry/workerorigin',
        get_string('workerorigin', 'block_courseferry'),
        get_string('workerorigin_desc', 'block_courseferry'),
        '',
        PARAM_RAW_TRIMMED,
        60,
    ));
    $settings->add(new admin_setting_configpasswordunmask(
        'block_courseferry/launchkey',
        get_string('launchkey', 'block_courseferry'),
        get_string('launchkey_desc', 'block_courseferry'),
        '',
    ));
    $settings->add(new admin_setting_configpasswordunmask(
        'block_courseferry/servicekey',
        get_string('servicekey', 'block_courseferry'),
        get_string('servicekey_desc', 'block_courseferry'),
        '',
    ));
    $settings->add(new setting_integrity(
        'block_courseferry/integrity',
        get_string('integrity', 'block_courseferry'),
        get_string('integrity_desc', 'block_courseferry'),
        '',
        PARAM_RAW_TRIMMED,
        60,
    ));
    $auths = [];
    foreach (array_keys(core_component::get_plugin_list('auth')) as $auth) {
        $auths[$auth] = get_string('pluginname', "auth_$auth");
    }
    $settings->add(new admin_setting_configmulticheckbox(
        'block_courseferry/trustedauth',
        get_string('trustedauth', 'block_courseferry'),
        get_string('trustedauth_desc', 'block_courseferry'),
        array_fill_keys(people::default_trusted_auth(), 1),
        $auths,
    ));

    $missing = category_identifiers::configured()->missing();
    $settings->add(new admin_setting_heading(
        'block_courseferry/courses',
        get_string('courses'),
        $missing === null ? '' : $OUTPUT->notification(
            get_string('missingidentifier', 'block_courseferry', s($missing)),
            'warning',
            false,
        ),
    ));
    $settings->add(new setting_identifier(
        'block_courseferry/categorytable',
        get_string('categorytable', 'block_courseferry'),
        get_string('categorytable_desc', 'block_courseferry'),
        'course_categories',
        PARAM_RAW_TRIMMED,
    ));
    $settings->add(new setting_identifier(
        'block_courseferry/categorytable_foreignkey',
        get_string('categorytable_foreignkey', 'block_courseferry'),
        get_string('categorytable_foreignkey_desc', 'block_courseferry'),
        'id',
        PARAM_RAW_TRIMMED,
    ));
    $settings->add(new setting_identifier(
        'block_courseferry/categorytable_categoryfield',
        get_string('categorytable_categoryfield', 'block_courseferry'),
        get_string('categorytable_categoryfield_desc', 'block_courseferry'),
        'idnumber',
        PARAM_RAW_TRIMMED,
    ));
    $roles = array_intersect_key(
        role_fix_names(get_all_roles(), null, ROLENAME_ORIGINAL, true),
        array_flip(get_roles_for_contextlevels(CONTEXT_COURSE)),
    );
    $settings->add(new admin_setting_configselect(
        'block_courseferry/enrollrole',
        get_string('enrollrole', 'block_courseferry'),
        get_string('enrollrole_desc', 'block_courseferry'),
        enrolment::teacher_role(),
        $roles,
    ));
    $settings->add(new admin_setting_configcheckbox(
        'block_courseferry/keepidnumber',
        get_string('keepidnumber', 'block_courseferry'),
        get_string('keepidnumber_desc', 'block_courseferry'),
        0,
    ));
    $settings->add(new admin_setting_configduration(
        'block_courseferry/removecopytime',
        get_string('removecopytime', 'block_courseferry'),
        get_string('removecopytime_desc', 'block_courseferry'),
        WEEKSECS,
    ));

    $settings->add(new admin_setting_configcheckbox(
        'block_courseferry/targetcourses',
        get_string('targetcourses', 'block_courseferry'),
        get_string('targetcourses_desc', 'block_courseferry'),
        0,
    ));
    $accounts = html_writer::link(
        new moodle_url('/blocks/courseferry/accounts.php'),
        get_string('madeaccountswaiting', 'block_courseferry', made_accounts::count_unconfirmed()),
    );
    $settings->add(new admin_setting_configcheckbox(
        'block_courseferry/userdata',
        get_string('userdata', 'block_courseferry'),
        get_string('userdata_desc', 'block_courseferry') . ' ' . $accounts,
        0,
    ));

    $links = [
        html_writer::link(new moodle_url('/blocks/courseferry/lendingsetup.php'), get_string('lendingsetup', 'block_courseferry')),
        html_writer::link(new moodle_url('/blocks/courseferry/lent.php'), get_string('lentbackups', 'block_courseferry')),
    ];
    $settings->add(new admin_setting_heading(
        'block_courseferry/lending',
        get_string('lending', 'block_courseferry'),
        html_writer::tag('p', get_string('lending_desc', 'block_courseferry')) . html_writer::tag('p', implode(' · ', $links)),
    ));
    $settings->add(new admin_setting_configmulticheckbox(
        'block_courseferry/search_roles',
        get_string('search_roles', 'block_courseferry'),
        get_string('search_roles_desc', 'block_courseferry'),
        array_fill_keys(array_keys(get_archetype_roles('editingteacher')), 1),
        $roles,
    ));
    $settings->add(new admin_setting_configmulticheckbox(
        'block_courseferry/lentauth',
        get_string('lentauth', 'block_courseferry'),
        get_string('lentauth_desc', 'block_courseferry'),
        array_fill_keys(people::default_trusted_auth(), 1),
        $auths,
    ));
    $settings->add(new admin_setting_configcheckbox(
        'block_courseferry/lendtoadmins',
        get_string('lendtoadmins', 'block_courseferry'),
        get_string('lendtoadmins_desc', 'block_courseferry'),
        0,
    ));
    $settings->add(new admin_setting_configcheckbox(
        'block_courseferry/lenduserdata',
        get_string('lenduserdata', 'block_courseferry'),
        get_string('lenduserdata_desc', 'block_courseferry'),
        0,
    ));
    $keep = new admin_setting_configduration(
        'block_courseferry/lentkeep',
        get_string('lentkeep', 'block_courseferry'),
        get_string('lentkeep_desc', 'block_courseferry'),
        2 * DAYSECS,
    );
    $keep->set_min_duration(HOURSECS);
    $settings->add($keep);
}
